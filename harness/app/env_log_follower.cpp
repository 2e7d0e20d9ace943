#include "app/env_log_follower.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/text.hpp"

namespace muster::app {
namespace {

/// So much of the end of a log is looked at for its last lines.
constexpr off_t kTail = 8 * 1024 * 1024;

Error unreadable(const std::string& path, int why) {
  return error("log_unreadable", "cannot read " + path + ": " + std::strerror(why));
}

UniqueFd open_log(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

std::uint64_t size_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

Result<std::vector<std::string>> last_log_lines(const std::string& path, std::size_t lines) {
  const UniqueFd fd = open_log(path);
  if (!fd) {
    if (errno == ENOENT) return std::vector<std::string>();
    return unreadable(path, errno);
  }
  const auto size = static_cast<off_t>(size_of(fd.get()));
  const off_t begin = size > kTail ? size - kTail : 0;
  std::string text(static_cast<std::size_t>(size - begin), '\0');
  const ssize_t got = ::pread(fd.get(), text.data(), text.size(), begin);
  if (got < 0) return unreadable(path, errno);
  text.resize(static_cast<std::size_t>(got));
  return last_lines(text, lines);
}

Result<LogFollower> LogFollower::make(std::vector<std::string> paths) {
  UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!inotify) return unreadable("logs", errno);
  std::vector<Log> logs;
  std::set<std::string> folders;
  for (std::string& path : paths) {
    folders.insert(std::filesystem::path(path).parent_path().string());
    const UniqueFd fd = open_log(path);
    const std::uint64_t size = fd ? size_of(fd.get()) : 0;
    logs.push_back({std::move(path), size, {}});
  }
  // folders, so that a log that is not there yet is seen as well
  for (const std::string& folder : folders) {
    if (::inotify_add_watch(inotify.get(), folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0)
      return unreadable(folder, errno);
  }
  return LogFollower(std::move(inotify), std::move(logs));
}

void LogFollower::take(std::size_t index, const Listener& listener) {
  Log& log = logs_[index];
  const UniqueFd fd = open_log(log.path);
  if (!fd) return;
  if (size_of(fd.get()) < log.read) {
    log.read = 0;
    log.piece.clear();
  }
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    const ssize_t got =
        ::pread(fd.get(), buffer.data(), buffer.size(), static_cast<off_t>(log.read));
    if (got <= 0) return;
    log.read += static_cast<std::uint64_t>(got);
    log.piece.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end; (end = log.piece.find('\n', begin)) != std::string::npos; begin = end + 1)
      listener(index, log.piece.substr(begin, end - begin));
    log.piece.erase(0, begin);
  }
}

void LogFollower::run(const Listener& listener, int interrupt) {
  for (;;) {
    for (std::size_t i = 0; i < logs_.size(); ++i) take(i, listener);
    pollfd waiting[2] = {{inotify_.get(), POLLIN, 0}, {interrupt, POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    std::array<char, 4096> events;
    while (::read(inotify_.get(), events.data(), events.size()) > 0) {
    }
  }
}

}  // namespace muster::app
