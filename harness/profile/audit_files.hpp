#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::profile {

/// A file that a project ships.
struct ProjectFile {
  std::string path;         ///< below the project
  bool executable = false;  ///< by the mode that git ships; without git by that on disk
  bool symlink = false;
  std::string git_mode;    ///< `100755`; empty for what git does not track
  std::string git_object;  ///< of the index; empty likewise
};

/// What git tracks of the folder `project`, or all files when the folder is in no work tree
/// (without hidden folders, environments and caches). Sorted by path.
struct ProjectFiles {
  bool work_tree = false;
  std::vector<ProjectFile> files;
};

/// Errors `git_failed`, and those of preflight::run_program but for a git that is not installed.
Result<ProjectFiles> project_files(const std::string& project);

}  // namespace muster::profile
