#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::app {

/// A variable of this process's environment.
std::optional<std::string> environment_variable(std::string_view name);

}  // namespace muster::app
