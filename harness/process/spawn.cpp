#include "process/spawn.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <new>

namespace muster::process {
namespace {

constexpr std::size_t guard_bytes = 4096;
constexpr std::size_t stack_bytes = 64 * 1024;
constexpr std::size_t slot_bytes = guard_bytes + stack_bytes;

/// What both of the clones see.
struct Shared {
  SpawnPlan* plan;
  const SpawnStacks* stacks;
  pid_t parent;
};

/// A child in shared memory never returns through instrumented frames.
#define MUSTER_IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined"))) static

/// rt_sigaction's argument of the kernel: handler, flags, restorer, mask; zero is SIG_DFL.
struct KernelAction {
  unsigned long words[4] = {0, 0, 0, 0};
};

MUSTER_IN_CHILD void give_up(SpawnPlan& plan, SpawnStep step) {
  plan.failed = step;
  plan.os_error = errno;
  ::syscall(SYS_exit_group, 127);
  __builtin_unreachable();
}

MUSTER_IN_CHILD void reset_signals() {
  KernelAction action;
  for (int signal = 1; signal <= 64; ++signal) {
    if (signal == SIGKILL || signal == SIGSTOP) continue;
    ::syscall(SYS_rt_sigaction, signal, &action, nullptr, 8);
  }
  const unsigned long none = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, 8);
}

MUSTER_IN_CHILD void arrange_descriptors(SpawnPlan& plan) {
  SpawnPlan::Map* const maps = plan.maps.data();
  const std::size_t count = plan.maps.size();
  const int last = maps[count - 1].to;
  // First out of the way of the targets, or one dup2 would overwrite another's source.
  for (std::size_t i = 0; i < count; ++i) {
    if (maps[i].from > last || maps[i].from == maps[i].to) continue;
    const long moved = ::syscall(SYS_fcntl, maps[i].from, F_DUPFD_CLOEXEC, last + 1);
    if (moved < 0) give_up(plan, SpawnStep::descriptors);
    maps[i].from = static_cast<int>(moved);
  }
  int next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [from, to] = maps[i];
    const long done =
        from == to ? ::syscall(SYS_fcntl, to, F_SETFD, 0) : ::syscall(SYS_dup3, from, to, 0);
    if (done < 0) give_up(plan, SpawnStep::descriptors);
    if (to > next) ::syscall(SYS_close_range, next, to - 1, 0);
    next = to + 1;
  }
  if (::syscall(SYS_close_range, next, ~0U, 0) != 0) give_up(plan, SpawnStep::descriptors);
}

/// By system calls, which change this task alone; those of libc would change every thread.
MUSTER_IN_CHILD void change_user_and_limits(SpawnPlan& plan) {
  for (std::size_t i = 0; i < plan.limits.size(); ++i) {
    const SpawnPlan::Limit& limit = plan.limits.data()[i];
    if (::syscall(SYS_prlimit64, 0, limit.resource, limit.values, nullptr) != 0)
      give_up(plan, SpawnStep::limits);
  }
  if (!plan.change_user) return;
  if (::syscall(SYS_setgroups, plan.groups.size(), plan.groups.data()) != 0 ||
      ::syscall(SYS_setresgid, plan.gid, plan.gid, plan.gid) != 0 ||
      ::syscall(SYS_setresuid, plan.uid, plan.uid, plan.uid) != 0)
    give_up(plan, SpawnStep::user);
}

MUSTER_IN_CHILD int child_main(void* argument) {
  const Shared& shared = *static_cast<Shared*>(argument);
  SpawnPlan& plan = *shared.plan;
  if (plan.die_with_thread) {
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::syscall(SYS_getppid) != shared.parent) ::syscall(SYS_exit_group, 127);
  }
  if (plan.cgroup_procs >= 0 && ::syscall(SYS_write, plan.cgroup_procs, "0", 1) != 1)
    give_up(plan, SpawnStep::join_cgroup);
  if (::syscall(SYS_setsid) < 0) give_up(plan, SpawnStep::leave);
  change_user_and_limits(plan);
  if (plan.cwd && ::syscall(SYS_chdir, plan.cwd) != 0) give_up(plan, SpawnStep::chdir);
  arrange_descriptors(plan);
  reset_signals();
  ::syscall(SYS_execve, plan.path, plan.argv, plan.envp);
  give_up(plan, SpawnStep::exec);
  return 127;
}

constexpr int spawn_flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD;

MUSTER_IN_CHILD int go_between_main(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  SpawnPlan& plan = *shared.plan;
  if (::syscall(SYS_setns, plan.namespace_init, CLONE_NEWPID | CLONE_NEWNS) != 0) {
    give_up(plan, SpawnStep::join_namespace);
  }
  // Descriptors are shared with us here (CLONE_FILES), so the pidfd comes to the plan's owner.
  const int pid =
      ::clone(child_main, shared.stacks->top(1), spawn_flags | CLONE_PARENT, &shared, &plan.pidfd);
  if (pid < 0) give_up(plan, SpawnStep::clone);
  plan.pid = pid;
  ::syscall(SYS_exit_group, 0);
  return 0;
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {
  }
}

/// No handler of ours may run in the child, so nothing is let in from before the clone on.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

const char* to_string(SpawnStep step) {
  switch (step) {
    case SpawnStep::none:
      return "none";
    case SpawnStep::clone:
      return "clone";
    case SpawnStep::join_namespace:
      return "join namespace";
    case SpawnStep::join_cgroup:
      return "join cgroup";
    case SpawnStep::leave:
      return "setsid";
    case SpawnStep::chdir:
      return "chdir";
    case SpawnStep::limits:
      return "limits";
    case SpawnStep::user:
      return "user";
    case SpawnStep::descriptors:
      return "descriptors";
    case SpawnStep::exec:
      return "exec";
  }
  return "?";
}

SpawnStacks::SpawnStacks() {
  void* memory = ::mmap(nullptr, 2 * slot_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<char*>(memory);
  ::mprotect(memory_, guard_bytes, PROT_NONE);
  ::mprotect(memory_ + slot_bytes, guard_bytes, PROT_NONE);
}

SpawnStacks::~SpawnStacks() {
  ::munmap(memory_, 2 * slot_bytes);
}

void* SpawnStacks::top(int which) const {
  return memory_ + static_cast<std::size_t>(which + 1) * slot_bytes;
}

bool spawn(SpawnPlan& plan, const SpawnStacks& stacks) {
  Shared shared{&plan, &stacks, ::getpid()};
  {
    SignalsBlocked blocked;
    if (plan.namespace_init >= 0) {
      // Without an exit signal: a wait(2) for any child elsewhere in this process does not see it.
      const int between =
          ::clone(go_between_main, stacks.top(0), CLONE_VM | CLONE_VFORK | CLONE_FILES, &shared);
      if (between < 0) {
        plan.failed = SpawnStep::clone;
        plan.os_error = errno;
      } else {
        reap(between);
      }
    } else {
      plan.pid = ::clone(child_main, stacks.top(0), spawn_flags | SIGCHLD, &shared, &plan.pidfd);
      if (plan.pid < 0) {
        plan.failed = SpawnStep::clone;
        plan.os_error = errno;
      }
    }
  }
  if (plan.failed == SpawnStep::none && plan.pid > 0) return true;
  if (plan.pid > 0) reap(plan.pid);
  if (plan.pidfd >= 0) ::close(plan.pidfd);
  plan.pidfd = -1;
  if (plan.failed == SpawnStep::none) plan.failed = SpawnStep::clone;
  return false;
}

}  // namespace muster::process
