#pragma once

#include <string>

#include "base/result.hpp"

namespace muster::config {

/// The text of a regular file, up to a little more than kMaxFileBytes. Error `config_file`.
Result<std::string> read_file(const std::string& path);

}  // namespace muster::config
