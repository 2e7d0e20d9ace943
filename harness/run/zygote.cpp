#include "run/zygote.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <map>
#include <system_error>
#include <vector>

#include "process/group.hpp"
#include "run/channel.hpp"
#include "run/hook_runner.hpp"
#include "run/worker.hpp"
#include "steps/assertions.hpp"

namespace muster::run {
namespace {

std::size_t threads_of_this_process() {
  std::size_t threads = 0;
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return 1;
  while (const dirent* entry = readdir(tasks)) threads += entry->d_name[0] != '.';
  closedir(tasks);
  return threads;
}

int pidfd_of(pid_t pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

class ZygoteLoop {
 public:
  ZygoteLoop(const RunContext& run, int control) : run_(run), control_(control) {}

  [[noreturn]] void run() {
    steps::silence_googletest();
    run_all_hooks(detail::HookKind::before_all);
    const bool threads = threads_of_this_process() != 1;
    const bool children = waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD;
    const char* problem = threads    ? "a BEFORE_ALL hook left a thread behind"
                          : children ? "a BEFORE_ALL hook left a child process behind"
                                     : "";
    say(frame::HooksDone{false, problem});
    serve();
  }

 private:
  void say(const Frame& frame) {
    if (!send_record(control_, frame)) _exit(1);
  }

  void run_all_hooks(detail::HookKind kind) {
    steps::AssertionCollector assertions;
    run_hooks(run_.matching.library(), kind, run_.timeouts.hook, assertions,
              [this](const Frame& frame) { say(frame); });
  }

  [[noreturn]] void serve() {
    sigset_t child{};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, nullptr);
    const UniqueFd signals(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    while (true) {
      pollfd waiting[2] = {{control_, POLLIN, 0}, {signals.get(), POLLIN, 0}};
      if (poll(waiting, 2, -1) < 0 && errno != EINTR) _exit(1);
      if (waiting[1].revents != 0) {
        signalfd_siginfo ignored[16];
        while (read(signals.get(), ignored, sizeof ignored) > 0) {
        }
        reap();
      }
      if (waiting[0].revents != 0) obey(receive_record(control_));
    }
  }

  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto worker = workers_.find(pid);
      if (worker == workers_.end()) continue;
      say(frame::Exited{worker->second, status});
      workers_.erase(worker);
    }
  }

  void obey(std::optional<Record> record) {
    if (!record) _exit(0);
    if (std::holds_alternative<frame::RunAfterAll>(record->frame)) {
      run_all_hooks(detail::HookKind::after_all);
      say(frame::HooksDone{true, {}});
      _exit(0);
    }
    const auto* order = std::get_if<frame::Fork>(&record->frame);
    if (order == nullptr || record->descriptors.size() != 4) _exit(1);
    const pid_t zygote = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
      sigset_t none{};
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, nullptr);
      auto& passed = record->descriptors;
      run_worker(
          run_, order->worker, zygote,
          {std::move(passed[0]), std::move(passed[1]), std::move(passed[2]), std::move(passed[3])});
    }
    if (pid > 0) workers_.emplace(pid, order->worker);
    // from its parent, before it is reaped: no other process can have the number
    const UniqueFd handle(pid > 0 ? pidfd_of(pid) : -1);
    const frame::Forked forked{order->worker, pid};
    if (!send_record(control_, forked,
                     handle ? std::vector<int>{handle.get()} : std::vector<int>{})) {
      _exit(1);
    }
  }

  const RunContext& run_;
  int control_;
  std::map<pid_t, std::uint32_t> workers_;
};

}  // namespace

Zygote fork_zygote(const RunContext& run) {
  auto [ours, theirs] = record_pair();
  const pid_t coordinator = getpid();
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid > 0) {
    setpgid(pid, pid);  // here and there: whoever comes first
    return {pid, std::move(ours)};
  }

  prctl(PR_SET_NAME, "muster-zygote");
  // apart from the terminal's foreground group: Ctrl-Z stops it through the coordinator alone,
  // which counts the time
  setpgid(0, 0);
  signal(SIGTTOU, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);  // sent to the whole group, it is the coordinator's to answer too
  // data goes to stdout through the reporters alone; what hooks print belongs to the words on
  // stderr
  dup2(STDERR_FILENO, STDOUT_FILENO);
  const int kept = dup2(theirs.get(), 3) == 3 ? 3 : theirs.get();
  fcntl(kept, F_SETFD, FD_CLOEXEC);
  close_range(static_cast<unsigned>(kept) + 1, ~0U, 0);
  if (geteuid() != 0)
    (void)process::enter_user_namespace();  // without it the subreaper backend serves
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != coordinator) _exit(1);
  // nothing may unwind into the coordinator's frames below
  try {
    ZygoteLoop(run, kept).run();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "muster: the zygote cannot go on: %s\n", failure.what());
  } catch (...) {
    std::fputs("muster: the zygote cannot go on\n", stderr);
  }
  _exit(1);
}

}  // namespace muster::run
