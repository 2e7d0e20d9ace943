#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "steps/library.hpp"

namespace muster::app {

/// The definition whose text is nearest to a step that none fits, for "did you mean": the step's
/// values count as the parameters they could be. None when nothing is near.
std::optional<std::string> near_definition(const steps::Library& library, std::string_view text);

}  // namespace muster::app
