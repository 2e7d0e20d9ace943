#include "process/launcher.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "process/children.hpp"
#include "process/credentials.hpp"
#include "process/orphans.hpp"
#include "process/proc_fs.hpp"
#include "process/spawn.hpp"

namespace muster::process {
namespace {

/// Where a target number is still sure to be free for moving descriptors above it.
constexpr int max_target = 255;

Error failure_of_exec(const std::string& path, int os_error) {
  const std::string reason = ::strerror(os_error);
  switch (os_error) {
    case EACCES:
    case ENOEXEC:
    case EISDIR:
      return error("not_executable", path + " cannot be executed: " + reason,
                   os_error == ENOEXEC ? "a script needs a first line that names its interpreter"
                                       : "check its permissions");
    case ENOENT:
      return error("spawn_failed", path + " cannot be executed: its interpreter is missing",
                   "look at its first line, or with `file` at the loader it asks for");
    default:
      return error("spawn_failed", path + " cannot be executed: " + reason);
  }
}

Error failure_of(const SpawnPlan& plan, const LaunchSpec& spec) {
  if (plan.failed == SpawnStep::exec) return failure_of_exec(plan.path, plan.os_error);
  std::string what = plan.failed == SpawnStep::chdir ? "changing to " + spec.cwd
                                                     : std::string(to_string(plan.failed));
  return error("spawn_failed",
               "cannot start " + spec.program + ": " + what + ": " + ::strerror(plan.os_error));
}

std::vector<char*> pointers(const std::vector<std::string>& texts, const char* first = nullptr) {
  std::vector<char*> made;
  made.reserve(texts.size() + 2);
  if (first) made.push_back(const_cast<char*>(first));
  for (const std::string& text : texts) made.push_back(const_cast<char*>(text.c_str()));
  made.push_back(nullptr);
  return made;
}

Result<void> change_user(const LaunchSpec& spec, SpawnPlan& plan) {
  if (spec.user.empty()) return {};
  Result<Credentials> whom = credentials_of(spec.user);
  if (!whom) return whom.error();
  if (whom->uid == ::geteuid()) return {};
  if (::geteuid() != 0)
    return error("user_denied", "only root may run " + spec.program + " as " + spec.user);
  plan.change_user = true;
  plan.uid = whom->uid;
  plan.gid = whom->gid;
  plan.groups = std::move(whom->groups);
  return {};
}

class SystemLauncher final : public Launcher {
 public:
  SystemLauncher() : null_(::open("/dev/null", O_RDWR | O_CLOEXEC)) {}

  LaunchOutcome launch(const LaunchSpec& spec, const Placement& placement) override {
    LaunchOutcome outcome;
    std::vector<std::string>& searched = outcome.error.searched;
    const char* path = env_value(spec.env, "PATH");
    if (!path) path = ::getenv("PATH");
    Result<std::string> program = find_program(
        spec.program, path ? path : "/usr/local/bin:/usr/bin:/bin", spec.cwd, searched);
    if (!program) {
      outcome.error.error = program.error();
      outcome.error.step = "search";
      return outcome;
    }
    SpawnPlan plan;
    plan.path = program->c_str();
    const std::vector<char*> argv = pointers(spec.args, spec.program.c_str());
    const std::vector<char*> envp = pointers(spec.env);
    plan.argv = argv.data();
    plan.envp = envp.data();
    // who joins a mount namespace finds itself in its root
    std::error_code unreadable;
    const std::string cwd =
        std::filesystem::absolute(spec.cwd.empty() ? "." : spec.cwd, unreadable);
    plan.cwd = unreadable ? nullptr : cwd.c_str();
    plan.namespace_init = placement.namespace_init;
    plan.cgroup_procs = placement.cgroup_procs;
    plan.die_with_thread = placement.die_with_thread;
    for (const ResourceLimit& limit : spec.limits)
      plan.limits.push_back({limit.resource, {limit.value, limit.value}});
    if (Result<void> changed = change_user(spec, plan); !changed) {
      outcome.error.error = changed.error();
      outcome.error.step = to_string(SpawnStep::user);
      return outcome;
    }
    if (Result<void> mapped = map_descriptors(spec, plan.maps); !mapped) {
      outcome.error.error = mapped.error();
      outcome.error.step = to_string(SpawnStep::descriptors);
      outcome.error.os_error = EBADF;
      return outcome;
    }
    if (!spawn(plan, stacks_)) {
      outcome.error.error = failure_of(plan, spec);
      outcome.error.os_error = plan.os_error;
      outcome.error.step = to_string(plan.failed);
      return outcome;
    }
    register_child(plan.pid);
    const std::optional<ProcStat> stat = read_stat(plan.pid);
    outcome.launched = Launched{UniqueFd(plan.pidfd), plan.pid, stat ? stat->start_time : 0};
    return outcome;
  }

  std::optional<ExitStatus> reap(int pidfd) override {
    siginfo_t info{};
    rusage usage{};
    // The call itself and not waitid(3), which hides the usage.
    const long done =
        ::syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOHANG | __WALL, &usage);
    if (done == 0 && info.si_pid == 0) return std::nullopt;
    ExitStatus status;
    status.t_mono_ns = mono_ns();
    if (done != 0) {
      status.unknown = true;
      status.code = -1;
      return status;
    }
    forget_child(info.si_pid);
    status.signalled = info.si_code != CLD_EXITED;
    status.core = info.si_code == CLD_DUMPED;
    status.code = info.si_status;
    status.user_us = usage.ru_utime.tv_sec * 1'000'000LL + usage.ru_utime.tv_usec;
    status.system_us = usage.ru_stime.tv_sec * 1'000'000LL + usage.ru_stime.tv_usec;
    status.max_rss_kib = usage.ru_maxrss;
    return status;
  }

  void signal(const Launched& program, int signal, bool group) override {
    if (group) {
      ::kill(-program.pid, signal);
    } else {
      signal_pidfd(program.pidfd.get(), signal);
    }
  }

  std::vector<Orphan> orphans(pid_t reaper, const Launched& program,
                              const std::string& mark) override {
    return find_orphans(reaper, program.pid, program.start_time, mark);
  }

 private:
  Result<void> map_descriptors(const LaunchSpec& spec, std::vector<SpawnPlan::Map>& maps) const {
    const auto or_null = [this](int fd) { return fd >= 0 ? fd : null_.get(); };
    maps = {
        {or_null(spec.stdin_fd), 0}, {or_null(spec.stdout_fd), 1}, {or_null(spec.stderr_fd), 2}};
    for (const InheritedFd& inherited : spec.fds) {
      if (inherited.fd < 0 || inherited.target < 3 || inherited.target > max_target) {
        return error("spawn_failed", "cannot start " + spec.program + ": descriptor " +
                                         std::to_string(inherited.fd) + " cannot become " +
                                         std::to_string(inherited.target));
      }
      maps.push_back({inherited.fd, inherited.target});
    }
    std::sort(maps.begin(), maps.end(), [](auto a, auto b) { return a.to < b.to; });
    const auto twice =
        std::adjacent_find(maps.begin(), maps.end(), [](auto a, auto b) { return a.to == b.to; });
    if (twice == maps.end()) return {};
    return error("spawn_failed", "cannot start " + spec.program + ": two descriptors for " +
                                     std::to_string(twice->to));
  }

  UniqueFd null_;
  SpawnStacks stacks_;
};

}  // namespace

const char* env_value(const std::vector<std::string>& env, const std::string& name) {
  for (const std::string& entry : env) {
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name)) {
      return entry.c_str() + name.size() + 1;
    }
  }
  return nullptr;
}

Result<std::string> find_program(const std::string& program, const std::string& path,
                                 const std::string& cwd, std::vector<std::string>& searched) {
  const auto in_cwd = [&cwd](const std::string& file) {
    return cwd.empty() || file.starts_with('/') ? file : cwd + "/" + file;
  };
  std::string not_executable;
  const auto try_place = [&](const std::string& place) {
    searched.push_back(place);
    struct stat found {};
    if (::stat(place.c_str(), &found) != 0) return false;
    if (S_ISREG(found.st_mode) && ::access(place.c_str(), X_OK) == 0) return true;
    if (not_executable.empty()) not_executable = place;
    return false;
  };
  if (program.find('/') != std::string::npos) {
    if (try_place(in_cwd(program))) return searched.back();
  } else if (!program.empty()) {
    for (const std::string& folder : split(path, ':')) {
      if (try_place(in_cwd((folder.empty() ? "." : folder) + "/" + program)))
        return searched.back();
    }
  }
  if (!not_executable.empty()) {
    return error("not_executable", not_executable + " is not an executable file",
                 "chmod +x it, or name another");
  }
  return error("program_not_found",
               "program '" + program + "' not found; searched " +
                   (searched.empty() ? "nowhere" : join(searched, ", ")),
               "give its path, or a PATH that holds it");
}

std::unique_ptr<Launcher> system_launcher() {
  return std::make_unique<SystemLauncher>();
}

}  // namespace muster::process
