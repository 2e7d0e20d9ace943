#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/check.hpp"

namespace muster::preflight {

/// A script where it really is.
struct ScriptFile {
  std::string path;      ///< absolute, without links
  std::string relative;  ///< the same below the project
  std::string link;      ///< the path that was asked for below the project, if it is a link
  unsigned mode = 0;     ///< permission bits
};

/// Follows links to a regular file within `project` (an absolute path without links). Errors, with
/// what was found: `missing`, `dangling`, `link_loop`, `outside`, `directory`, `not_regular`,
/// `unreadable`.
Result<ScriptFile> find_script(const std::string& project, const std::string& path);

/// True when the file system that holds `path` is mounted noexec.
bool on_noexec_mount(const std::string& path);

/// The part of a git index that matters here.
struct GitIndex {
  bool work_tree = false;                    ///< the project is in one
  std::map<std::string, std::string> modes;  ///< path below the project → `100755`
};

/// Asks git for the index entries of `paths` (below `project`). Neither hooks nor the environment
/// of a calling git have an influence. Errors `git_missing`, `git_failed`, `timeout`.
Result<GitIndex> read_git_index(const std::string& project, const std::vector<std::string>& paths,
                                const Deadline& deadline);

}  // namespace muster::preflight
