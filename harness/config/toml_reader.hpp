#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/value.hpp"

namespace muster::config {

/// Reads TOML 1.0. Errors: `config_syntax`, `config_too_large`, `config_too_deep`, all located.
Result<Table> read_toml(const std::string& name, std::string_view text);

}  // namespace muster::config
