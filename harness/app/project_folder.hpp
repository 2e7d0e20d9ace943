#pragma once

#include <string>

#include "base/result.hpp"

namespace muster::app {

/// The project that a run is about: `given` if it is not empty, else the folder of the nearest
/// muster.toml at or above `from` (a folder or file), else that of the repository, else the folder
/// `from` itself; absolute, without links. Error `no_project` when what was given is no folder.
Result<std::string> project_folder(const std::string& given, const std::string& from = ".");

}  // namespace muster::app
