#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "config/config.hpp"

namespace muster::app {

/// A project and what its muster.toml says.
struct ProfileProject {
  std::string folder;  ///< absolute, without links
  std::shared_ptr<const config::Config> config;
};

/// The project in the folder `given`; if that is empty, the one that `from` (a file or folder) lies
/// in: the folder of the nearest muster.toml, else of the repository, else `from`. Errors:
/// `no_project`, and those of config::load, of which all but the last are printed on stderr.
Result<ProfileProject> project_around(const std::string& given, const std::string& from);

/// As project_around the current folder, but a muster.toml there may name another project by its
/// key profile.project.
Result<ProfileProject> project_under_test(const std::string& given);

}  // namespace muster::app
