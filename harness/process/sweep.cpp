#include "process/sweep.hpp"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <functional>
#include <map>
#include <set>

#include "process/cgroup.hpp"
#include "process/children.hpp"
#include "process/proc_fs.hpp"

namespace muster::process {
namespace {

using Clock = std::chrono::steady_clock;

/// An identified process: the pidfd was opened before it was looked at, and it was still there
/// after.
struct Found {
  UniqueFd pidfd;
  Survivor survivor;
};

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

/// This process and those above it, which no sweep touches.
std::vector<pid_t> self_and_ancestors() {
  std::vector<pid_t> pids;
  for (pid_t pid = ::getpid(); pid > 0 && !contains(pids, pid);) {
    pids.push_back(pid);
    const std::optional<ProcStat> stat = read_stat(pid);
    pid = stat ? stat->parent : 0;
  }
  return pids;
}

struct Snapshot {
  std::map<pid_t, ProcStat> stats;
  std::multimap<pid_t, pid_t> children;  ///< by parent

  Snapshot() {
    for (pid_t pid : all_pids()) {
      const std::optional<ProcStat> stat = read_stat(pid);
      if (!stat) continue;
      stats[pid] = *stat;
      children.emplace(stat->parent, pid);
    }
  }

  void add_descendants(pid_t pid, std::set<pid_t>& into) const {
    for (auto [at, end] = children.equal_range(pid); at != end; ++at) {
      if (into.insert(at->second).second) add_descendants(at->second, into);
    }
  }
};

/// Holds the processes `pids` that are still the ones of the snapshot, alive and not untouchable.
std::vector<Found> hold(const Snapshot& snapshot, const std::set<pid_t>& pids,
                        const std::vector<pid_t>& spare) {
  std::vector<Found> found;
  for (pid_t pid : pids) {
    if (contains(spare, pid)) continue;
    const ProcStat& stat = snapshot.stats.at(pid);
    if (!stat.alive()) continue;
    UniqueFd pidfd = open_pidfd(pid, stat.start_time);
    if (!pidfd || pidfd_ended(pidfd.get())) continue;
    found.push_back({std::move(pidfd), {pid, stat.start_time, command_of(pid)}});
  }
  return found;
}

using Belongs = std::function<bool(const std::string& environment)>;

/// By environment and descent, and, for a subreaper, by adoption.
std::vector<Found> find_marked(const Belongs& belongs, const SweepScope& scope) {
  const Snapshot snapshot;
  std::vector<pid_t> spare = self_and_ancestors();
  spare.insert(spare.end(), scope.spare.begin(), scope.spare.end());
  std::set<pid_t> members;
  for (const auto& [pid, stat] : snapshot.stats) {
    if (!stat.alive() || contains(spare, pid)) continue;
    const bool adopted =
        scope.adopted && stat.parent == ::getpid() && !contains(registered_children(), pid);
    if (adopted || belongs(environment_of(pid))) {
      members.insert(pid);
      snapshot.add_descendants(pid, members);
    }
  }
  return hold(snapshot, members, spare);
}

ino_t namespace_number(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

std::string namespace_path(pid_t pid) {
  return "/proc/" + std::to_string(pid) + "/ns/pid";
}

/// Whether the pid namespace at `path` is `wanted` or below it.
bool within_namespace(const std::string& path, ino_t wanted) {
  UniqueFd at(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  while (at) {
    struct stat status {};
    if (::fstat(at.get(), &status) != 0) return false;
    if (status.st_ino == wanted) return true;
    // Fails at the top and where our own namespace ends.
    at.reset(::ioctl(at.get(), NS_GET_PARENT));
  }
  return false;
}

std::vector<Found> find_in_namespace(const GroupRecord& record) {
  const UniqueFd init = open_pidfd(record.init_pid, record.init_start_time);
  // Without its init a namespace holds nobody.
  if (!init || pidfd_ended(init.get())) return {};
  const ino_t wanted = namespace_number(namespace_path(record.init_pid));
  const ino_t ours = namespace_number("/proc/self/ns/pid");
  // Numbers of namespaces are used again, but not while this one's init is there.
  if (wanted == 0 || wanted == ours || pidfd_ended(init.get())) return {};
  const Snapshot snapshot;
  std::map<ino_t, bool> known{{wanted, true}, {ours, false}};
  std::set<pid_t> members;
  for (const auto& [pid, stat] : snapshot.stats) {
    const std::string path = namespace_path(pid);
    const ino_t number = namespace_number(path);
    if (number == 0) continue;
    const auto [at, is_new] = known.try_emplace(number, false);
    if (is_new) at->second = within_namespace(path, wanted);
    if (at->second) members.insert(pid);
  }
  return hold(snapshot, members, self_and_ancestors());
}

std::vector<Found> find_in_cgroup(const GroupRecord& record, const SweepScope& scope) {
  std::vector<pid_t> spare = self_and_ancestors();
  spare.insert(spare.end(), scope.spare.begin(), scope.spare.end());
  const std::vector<pid_t> members = cgroup_members(record.cgroup);
  if (members.empty()) return {};
  const Snapshot snapshot;
  std::set<pid_t> known;
  for (const pid_t pid : members) {
    if (snapshot.stats.contains(pid)) known.insert(pid);
  }
  return hold(snapshot, known, spare);
}

/// A killed process leaves its cgroup when whoever is its parent by now reaps it.
void remove_emptied(const std::string& path, Clock::time_point deadline) {
  while (!remove_cgroup(path) && Clock::now() < deadline) ::poll(nullptr, 0, 1);
}

/// After so long without its end a killed process is looked at again: an init ends only when its
/// last process was reaped, which may be up to us, and counts as dead before.
constexpr int look_again_milliseconds = 20;

int milliseconds_to(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 60'000));
}

using Find = std::function<std::vector<Found>()>;

SweepReport kill_rounds(const Find& find, Clock::time_point deadline) {
  SweepReport report;
  std::set<std::pair<pid_t, std::uint64_t>> noted;
  for (std::vector<Found> found = find(); !found.empty(); found = find()) {
    if (Clock::now() >= deadline) {
      report.clean = false;
      break;
    }
    for (const Found& one : found) signal_pidfd(one.pidfd.get(), SIGKILL);
    for (Found& one : found) {
      wait_pidfd(one.pidfd.get(), std::min(look_again_milliseconds, milliseconds_to(deadline)));
      if (noted.emplace(one.survivor.pid, one.survivor.start_time).second) {
        report.killed.push_back(std::move(one.survivor));
      }
    }
  }
  return report;
}

Belongs in_group(const GroupRecord& record) {
  return [run = std::string(run_id_variable) + "=" + record.run_id,
          group = std::string(group_variable) + "=" + record.id](const std::string& environment) {
    return environment_has(environment, run) && environment_has(environment, group);
  };
}

Belongs in_run(const std::string& run_id) {
  return [run = std::string(run_id_variable) + "=" + run_id](const std::string& environment) {
    return environment_has(environment, run);
  };
}

std::vector<Survivor> listed(std::vector<Found> found) {
  std::vector<Survivor> survivors;
  for (Found& one : found) survivors.push_back(std::move(one.survivor));
  return survivors;
}

}  // namespace

std::vector<Survivor> survivors(const GroupRecord& record, const SweepScope& scope) {
  if (record.backend == Backend::pid_namespace) return listed(find_in_namespace(record));
  if (record.backend == Backend::cgroup) return listed(find_in_cgroup(record, scope));
  return listed(find_marked(in_group(record), scope));
}

SweepReport sweep(const GroupRecord& record, const SweepScope& scope,
                  std::chrono::milliseconds within) {
  const Clock::time_point deadline = Clock::now() + within;
  SweepReport report;
  if (record.backend == Backend::pid_namespace) {
    // Its init first: then the kernel lets nobody be born there any more.
    if (UniqueFd init = open_pidfd(record.init_pid, record.init_start_time)) {
      std::vector<Survivor> members = listed(find_in_namespace(record));
      signal_pidfd(init.get(), SIGKILL);
      report = kill_rounds([&record] { return find_in_namespace(record); }, deadline);
      report.killed = std::move(members);
      // It ends after its last process was reaped, which is up to us when they came to us.
      while (scope.adopted && Clock::now() < deadline) {
        reap_adopted(scope.spare);
        if (wait_pidfd(init.get(), look_again_milliseconds)) break;
      }
    }
  } else if (record.backend == Backend::cgroup) {
    report = kill_rounds(
        [&] {
          std::vector<Found> found = find_in_cgroup(record, scope);
          // all at once, so that nothing is born between two looks
          if (!found.empty()) kill_cgroup(record.cgroup);
          return found;
        },
        deadline);
  } else {
    report = kill_rounds([&] { return find_marked(in_group(record), scope); }, deadline);
  }
  if (scope.adopted) reap_adopted(scope.spare);
  if (record.backend == Backend::cgroup) remove_emptied(record.cgroup, deadline);
  return report;
}

std::vector<Survivor> run_survivors(const std::string& run_id) {
  return listed(find_marked(in_run(run_id), {}));
}

SweepReport sweep_run(const std::string& run_id, std::chrono::milliseconds within) {
  return kill_rounds([&run_id] { return find_marked(in_run(run_id), {}); }, Clock::now() + within);
}

Result<void> become_subreaper() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0) return {};
  return error("subreaper_failed", std::string("cannot become a subreaper: ") + ::strerror(errno));
}

std::size_t reap_adopted(const std::vector<pid_t>& spare) {
  const pid_t session = ::getsid(0);
  const std::vector<pid_t> ours = registered_children();
  std::size_t reaped = 0;
  for (pid_t pid : children_of(::getpid())) {
    if (contains(spare, pid) || contains(ours, pid)) continue;
    const std::optional<ProcStat> stat = read_stat(pid);
    if (!stat || stat->state != 'Z') continue;
    // in our session it may be a child that somebody here waits for, but for one of a group's own
    // namespace: a worker died while it spawned it
    if (stat->session == session && !in_nested_pid_namespace(pid)) continue;
    if (::waitpid(pid, nullptr, WNOHANG | __WALL) == pid) ++reaped;
  }
  return reaped;
}

}  // namespace muster::process
