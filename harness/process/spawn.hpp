#pragma once

#include <sys/types.h>

#include <vector>

/// Spawning without fork. The child runs in our memory on a stack of its own while this thread is
/// suspended (clone(CLONE_VM | CLONE_VFORK)), until exec succeeds or it gives up and leaves its
/// errno in the plan. It makes raw system calls only: no locks, no allocation, no destructors, and
/// no errno of ours.
///
/// A program that is to be born in a pid namespace is made by a go-between. The go-between joins
/// the namespace and clones with CLONE_PARENT, so that the program is our child and not its; this
/// thread never has to join, which it could not undo without privilege over its own namespace.
namespace muster::process {

enum class SpawnStep {
  none,
  clone,
  join_namespace,
  join_cgroup,
  leave,
  chdir,
  limits,
  user,
  descriptors,
  exec
};

const char* to_string(SpawnStep step);

struct SpawnPlan {
  const char* path = nullptr;
  char* const* argv = nullptr;
  char* const* envp = nullptr;
  const char* cwd = nullptr;  ///< or nullptr
  int namespace_init = -1;    ///< pidfd, or -1
  int cgroup_procs = -1;      ///< cgroup.procs, or -1
  bool die_with_thread = false;

  struct Map {
    int from;
    int to;
  };
  struct Limit {
    int resource;
    unsigned long values[2];  ///< soft and hard, as the kernel's rlimit64
  };
  std::vector<Limit> limits;
  bool change_user = false;  ///< to the three below; takes root
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;

  std::vector<Map> maps;  ///< sorted by `to`, each once, all of them below 256

  // What came of it.
  SpawnStep failed = SpawnStep::none;
  int os_error = 0;
  pid_t pid = 0;
  int pidfd = -1;  ///< close-on-exec
};

/// Two stacks, for the child and the go-between.
class SpawnStacks {
 public:
  SpawnStacks();
  ~SpawnStacks();
  SpawnStacks(const SpawnStacks&) = delete;
  SpawnStacks& operator=(const SpawnStacks&) = delete;

  /// The high end of stack 0 or 1.
  void* top(int which) const;

 private:
  char* memory_ = nullptr;
};

/// True when the program runs. Otherwise `failed` and `os_error` say why, and nothing is left.
bool spawn(SpawnPlan& plan, const SpawnStacks& stacks);

}  // namespace muster::process
