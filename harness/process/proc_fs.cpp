#include "process/proc_fs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace muster::process {
namespace {

/// The kernel's PF_EXITING, in field 9 of stat.
constexpr unsigned long exiting_flag = 0x4;
/// PF_KTHREAD: never has an environment.
constexpr unsigned long kernel_thread_flag = 0x0020'0000;
/// How long an exec may take from its new memory to its new environment.
constexpr std::chrono::milliseconds exec_time{100};
constexpr std::size_t command_limit = 256;

std::string read_all(int fd, std::size_t limit) {
  std::string text(4096, '\0');
  std::size_t filled = 0;
  while (filled < limit) {
    if (filled == text.size()) text.resize(text.size() * 2);
    const ssize_t got = ::read(fd, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(std::min(filled, limit));
  return text;
}

std::string read_proc_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd ? read_all(fd.get(), limit) : std::string();
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

/// The fields of /proc/<pid>/stat by their numbers in proc(5).
class StatFields {
 public:
  explicit StatFields(pid_t pid) : text_(read_proc_file(proc_path(pid, "/stat"), 4096)) {
    // The name in parentheses may itself hold blanks and parentheses.
    const std::size_t name_end = text_.rfind(')');
    if (name_end == std::string::npos) return;
    std::string_view rest = std::string_view(text_).substr(name_end + 1);
    while (!rest.empty()) {
      const std::size_t start = rest.find_first_not_of(" \n");
      if (start == std::string_view::npos) break;
      rest.remove_prefix(start);
      const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
      fields_.push_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
  }

  /// Whether fields 3 to 52 are there, as they are since Linux 3.5.
  bool complete() const { return fields_.size() >= 50; }
  char state() const { return fields_[0].front(); }
  std::uint64_t number(std::size_t field) const {
    std::uint64_t value = 0;
    const std::string_view digits = fields_[field - 3];
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }
  pid_t pid(std::size_t field) const { return static_cast<pid_t>(number(field)); }

 private:
  std::string text_;
  std::vector<std::string_view> fields_;
};

/// Whether an exec is replacing `pid`'s memory. Until it is done, arguments and environment read as
/// empty, or as cut. The kernel sets the start of the code (field 26 of stat) last.
bool amid_exec(const StatFields& stat) {
  return stat.complete() && stat.number(26) == 0 && stat.state() != 'Z' && stat.state() != 'X' &&
         (stat.number(9) & (exiting_flag | kernel_thread_flag)) == 0;
}

/// What one read gets, so that more than one may see two memories.
constexpr std::size_t one_read = 4096;
constexpr std::size_t environment_limit = 4 * 1024 * 1024;

/// Whether what was read of `pid`'s environment is as long as that (fields 50 and 51 of stat).
bool environment_is_whole(pid_t pid, std::size_t size) {
  if (size > 0 && size < one_read) return true;
  const StatFields stat(pid);
  if (amid_exec(stat)) return false;
  if (!stat.complete() || stat.number(51) == 0) return true;
  return size == std::min<std::uint64_t>(stat.number(51) - stat.number(50), environment_limit);
}

/// The arguments as they are, none of a kernel thread or a zombie.
std::string arguments_of(pid_t pid) {
  const auto deadline = std::chrono::steady_clock::now() + exec_time;
  std::string arguments = read_proc_file(proc_path(pid, "/cmdline"), command_limit);
  while (arguments.empty() && std::chrono::steady_clock::now() < deadline) {
    const bool is_final = !amid_exec(StatFields(pid));
    arguments = read_proc_file(proc_path(pid, "/cmdline"), command_limit);
    if (is_final) break;
    ::sched_yield();
  }
  return arguments;
}

}  // namespace

std::optional<ProcStat> read_stat(pid_t pid) {
  const StatFields fields(pid);
  if (!fields.complete()) return std::nullopt;
  ProcStat stat;
  stat.state = fields.state();
  stat.parent = fields.pid(4);
  stat.group = fields.pid(5);
  stat.session = fields.pid(6);
  stat.exiting = (fields.number(9) & exiting_flag) != 0;
  stat.start_time = fields.number(22);
  return stat;
}

bool in_nested_pid_namespace(pid_t pid) {
  const std::string status = read_proc_file(proc_path(pid, "/status"), 16 * 1024);
  constexpr std::string_view name = "\nNSpid:\t";
  const std::size_t at = status.find(name);
  if (at == status.npos) return false;
  const std::size_t begin = at + name.size();
  // one number for each namespace that sees it, that of /proc first
  return status.substr(begin, status.find('\n', begin) - begin).find('\t') != status.npos;
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
  std::string command = arguments_of(pid);
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
  const auto deadline = std::chrono::steady_clock::now() + exec_time;
  for (;;) {
    const UniqueFd environ_fd(::open(proc_path(pid, "/environ").c_str(), O_RDONLY | O_CLOEXEC));
    if (!environ_fd) return {};
    std::string environment = read_all(environ_fd.get(), environment_limit);
    if (environment_is_whole(pid, environment.size())) return environment;
    if (std::chrono::steady_clock::now() >= deadline) return environment;
    ::sched_yield();
  }
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
