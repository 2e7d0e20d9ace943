#include "app/project_folder.hpp"

#include <filesystem>

namespace muster::app {
namespace {

namespace fs = std::filesystem;

/// The nearest folder at or above `from` that has `entry`; empty if none has.
fs::path above_with(const fs::path& from, const char* entry) {
  std::error_code ignored;
  for (fs::path folder = from;; folder = folder.parent_path()) {
    if (fs::exists(folder / entry, ignored)) return folder;
    if (folder == folder.root_path()) return {};
  }
}

}  // namespace

Result<std::string> project_folder(const std::string& given, const std::string& from) {
  std::error_code failure;
  if (!given.empty()) {
    if (!fs::is_directory(given, failure)) {
      return error("no_project", "no such folder: " + given, "--project takes a project's folder");
    }
    return fs::canonical(given, failure).string();
  }
  fs::path here = fs::weakly_canonical(fs::absolute(from, failure), failure);
  if (!fs::is_directory(here, failure)) here = here.parent_path();
  for (const char* mark : {"muster.toml", ".git"}) {
    if (const fs::path found = above_with(here, mark); !found.empty()) return found.string();
  }
  return here.string();
}

}  // namespace muster::app
