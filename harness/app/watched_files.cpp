#include "app/watched_files.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace muster::app {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE;

}  // namespace

bool is_feature_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".feature") || name.ends_with(".feature.md");
}

WatchedFiles::WatchedFiles() : changes_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

WatchedFiles::Folder* WatchedFiles::watch(const fs::path& folder) {
  const int number =
      ::inotify_add_watch(changes_.get(), folder.c_str(), kChanges | IN_ONLYDIR | IN_EXCL_UNLINK);
  if (number < 0) return nullptr;
  Folder& watched = folders_[number];
  watched.path = folder;
  return &watched;
}

void WatchedFiles::add_folder(const fs::path& folder) {
  Folder* const watched = watch(folder);
  if (watched == nullptr) return;
  watched->features = true;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.is_directory(failed) && !entry.is_symlink(failed)) add_folder(entry.path());
  }
}

void WatchedFiles::add_file(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (Folder* const watched = watch(folder)) watched->names.insert(file.filename().string());
}

void WatchedFiles::take(std::set<std::string>& paths) {
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  for (ssize_t got = 0; (got = ::read(changes_.get(), buffer.data(), buffer.size())) > 0;) {
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      const auto found = folders_.find(event->wd);
      if (found == folders_.end() || event->len == 0) continue;
      if ((event->mask & IN_IGNORED) != 0) {
        folders_.erase(found);
        continue;
      }
      const Folder folder = found->second;  // a new folder changes the map
      const fs::path path = folder.path / event->name;
      if ((event->mask & IN_ISDIR) != 0) {
        if (folder.features && (event->mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
          add_folder(path);
          std::error_code failed;  // what was in it before it was watched
          for (const auto& entry : fs::recursive_directory_iterator(path, failed))
            if (is_feature_file(entry.path())) paths.insert(entry.path().string());
        }
        continue;
      }
      // a file that was created is still to be written
      if ((event->mask & IN_CREATE) != 0) continue;
      if (folder.names.contains(event->name) || (folder.features && is_feature_file(path)))
        paths.insert(path.string());
    }
  }
}

std::set<std::string> WatchedFiles::changed(std::chrono::milliseconds quiet) {
  std::set<std::string> paths;
  pollfd waiting{changes_.get(), POLLIN, 0};
  do {
    take(paths);
  } while (!paths.empty() && ::poll(&waiting, 1, static_cast<int>(quiet.count())) > 0);
  return paths;
}

}  // namespace muster::app
