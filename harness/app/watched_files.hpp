#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace muster::app {

/// Files whose change is waited for (inotify(7)): feature files, also new ones, below some folders,
/// and single files. A file that an editor replaces by another counts as changed. Folders that
/// cannot be watched are left out, as files that are not there are.
class WatchedFiles {
 public:
  WatchedFiles();

  /// All feature files in `folder` and below it.
  void add_folder(const std::filesystem::path& folder);
  /// One file, whatever its name.
  void add_file(const std::filesystem::path& file);

  /// Readable when there may be changes.
  int fd() const { return changes_.get(); }
  /// What has changed since the last call; waits until nothing has changed for `quiet`, as one save
  /// is often several changes.
  std::set<std::string> changed(std::chrono::milliseconds quiet);

 private:
  struct Folder {
    std::filesystem::path path;
    bool features = false;        ///< its feature files and its folders count
    std::set<std::string> names;  ///< of single files in it
  };
  Folder* watch(const std::filesystem::path& folder);
  void take(std::set<std::string>& paths);

  UniqueFd changes_;
  std::map<int, Folder> folders_;  ///< by the watch's number
};

/// `FILE.feature`, `FILE.feature.md`.
bool is_feature_file(const std::filesystem::path& path);

}  // namespace muster::app
