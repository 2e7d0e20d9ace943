#pragma once

#include <string>

#include "base/result.hpp"

namespace muster::app {

/// The bytes of a feature file. Error `file_unreadable`, placed at the file.
Result<std::string> read_feature(const std::string& path);

}  // namespace muster::app
