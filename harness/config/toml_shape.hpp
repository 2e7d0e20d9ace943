#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.hpp"

namespace muster::config {

/// What would make a TOML parser recurse deeper than load.hpp allows, or read more; found before it
/// is parsed. toml++ 3.3 limits the nesting of brackets but not the parts of a dotted key, each of
/// which is a table that is destroyed by recursion.
std::optional<Diagnostic> refuse_shape(const std::string& name, std::string_view text);

}  // namespace muster::config
