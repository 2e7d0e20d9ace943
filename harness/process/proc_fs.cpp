#include "process/proc_fs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace muster::process {
namespace {

/// Kernel's PF_EXITING in field 9 of stat.
constexpr unsigned long exiting_flag = 0x4;

std::string read_proc_file(const std::string& path, std::size_t limit) {
  std::string text;
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return text;
  std::size_t filled = 0;
  text.resize(4096);
  while (filled < limit) {
    if (filled == text.size()) text.resize(text.size() * 2);
    const ssize_t got = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

std::string proc_path(pid_t pid, const char* rest) {
  return "/proc/" + std::to_string(pid) + rest;
}

std::vector<pid_t> numbered_entries(const std::string& path) {
  std::vector<pid_t> numbers;
  std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path.c_str()), ::closedir);
  if (!dir) return numbers;
  while (const dirent* entry = ::readdir(dir.get())) {
    const char* name = entry->d_name;
    pid_t number = 0;
    const auto [end, failed] = std::from_chars(name, name + std::strlen(name), number);
    if (failed == std::errc() && *end == '\0') numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

std::optional<ProcStat> read_stat(pid_t pid) {
  const std::string text = read_proc_file(proc_path(pid, "/stat"), 4096);
  // The name in parentheses may itself hold blanks and parentheses.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  ProcStat stat;
  unsigned long flags = 0;
  unsigned long long start = 0;
  const int fields =
      std::sscanf(text.c_str() + name_end + 1,
                  " %c %d %d %d %*d %*d %lu %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
                  "%*d %*d %llu",
                  &stat.state, &stat.parent, &stat.group, &stat.session, &flags, &start);
  if (fields != 6) return std::nullopt;
  stat.start_time = start;
  stat.exiting = (flags & exiting_flag) != 0;
  return stat;
}

std::vector<pid_t> all_pids() {
  return numbered_entries("/proc");
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  for (pid_t thread : numbered_entries(proc_path(pid, "/task"))) {
    const std::string path = proc_path(pid, "/task/") + std::to_string(thread) + "/children";
    const std::string text = read_proc_file(path, 16 * 1024 * 1024);
    const char* at = text.data();
    const char* end = at + text.size();
    while (at < end) {
      pid_t child = 0;
      const auto [next, failed] = std::from_chars(at, end, child);
      if (failed != std::errc()) break;
      children.push_back(child);
      at = next + 1;
    }
  }
  return children;
}

std::string command_of(pid_t pid) {
  std::string command = read_proc_file(proc_path(pid, "/cmdline"), 256);
  if (command.size() > 256) command.resize(256);
  while (!command.empty() && command.back() == '\0') command.pop_back();
  for (char& c : command) {
    if (c == '\0') c = ' ';
  }
  if (!command.empty()) return command;
  std::string name = read_proc_file(proc_path(pid, "/comm"), 64);
  while (!name.empty() && name.back() == '\n') name.pop_back();
  return "[" + name + "]";
}

std::string environment_of(pid_t pid) {
  return read_proc_file(proc_path(pid, "/environ"), 4 * 1024 * 1024);
}

bool environment_has(const std::string& environment, const std::string& entry) {
  for (std::size_t at = 0; (at = environment.find(entry, at)) != std::string::npos; ++at) {
    const std::size_t end = at + entry.size();
    const bool starts = at == 0 || environment[at - 1] == '\0';
    if (starts && (end == environment.size() || environment[end] == '\0')) return true;
  }
  return false;
}

bool environment_names(const std::string& environment, const std::string& name) {
  const std::string prefix = name + "=";
  for (std::size_t at = 0; (at = environment.find(prefix, at)) != std::string::npos; ++at) {
    if (at == 0 || environment[at - 1] == '\0') return true;
  }
  return false;
}

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(pid > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1);
}

UniqueFd open_pidfd(pid_t pid, std::uint64_t start_time) {
  // In this order: a process of that start time that is there now had the pid all the time since,
  // so the descriptor opened before is its own.
  UniqueFd pidfd = open_pidfd(pid);
  if (!pidfd) return {};
  const std::optional<ProcStat> stat = read_stat(pid);
  if (!stat || stat->start_time != start_time) return {};
  return pidfd;
}

bool pidfd_ended(int pidfd) {
  return wait_pidfd(pidfd, 0);
}

bool wait_pidfd(int pidfd, int milliseconds) {
  if (pidfd < 0) return true;
  pollfd poll{pidfd, POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&poll, 1, milliseconds)) < 0 && errno == EINTR) {
  }
  return ready > 0;
}

bool signal_pidfd(int pidfd, int signal) {
  return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0;
}

}  // namespace muster::process
