#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"

namespace muster::app {

/// The bytes of a feature file, no more than the first `at_most`. Error `file_unreadable`, placed
/// at the file.
Result<std::string> read_feature(const std::string& path, std::size_t at_most);

}  // namespace muster::app
