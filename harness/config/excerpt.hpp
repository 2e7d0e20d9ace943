#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"

namespace muster::config {

/// An error with the line of `text` at `place` as its excerpt. What the line says of secrets is
/// left out, and lines too long to read are cut.
Diagnostic at(std::string_view text, Place place, int width, std::string code, std::string message,
              std::string hint = {});

}  // namespace muster::config
