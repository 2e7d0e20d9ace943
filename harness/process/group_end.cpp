// How a group ends: every program is stopped, all at once; then what is left is killed. In a
// namespace that is its init's death, in a cgroup cgroup.kill. A subreaper's group has lost
// everything that its programs left behind to this process, as children in other sessions than
// ours.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <csignal>

#include "process/cgroup.hpp"
#include "process/children.hpp"
#include "process/group_impl.hpp"
#include "process/latch.hpp"
#include "process/orphans.hpp"
#include "process/proc_fs.hpp"
#include "process/sweep.hpp"

namespace muster::process {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
namespace {

/// How long the kernel may take to end what was sent KILL (it waits for uninterruptible I/O).
constexpr std::chrono::seconds kill_time{2};

/// Counts programs that are being stopped.
struct Stops {
  std::size_t left;
  Latch done;
  std::vector<Casualty> leaked;
};

asio::awaitable<void> stop_one(std::shared_ptr<Process> program, std::shared_ptr<Stops> stops,
                               std::chrono::milliseconds grace) {
  const StopReport report = co_await program->stop(grace);
  stops->leaked.insert(stops->leaked.end(), report.leaked.begin(), report.leaked.end());
  if (--stops->left == 0) stops->done.set();
}

}  // namespace

void Group::Impl::observe(const std::string& kind, Json data, std::string cause) {
  if (!options.observer) return;
  options.observer->observe(
      observation("process", kind, record.id, std::move(data), std::move(cause)));
}

std::vector<Orphan> Group::Impl::kill_rest() {
  std::vector<Orphan> rest;
  const auto note = [this](pid_t pid, const std::string& command) {
    swept.push_back({pid, command});
    observe("swept", {{"pid", pid}, {"command", command}}, "it outlived the programs of its group");
  };
  if (in_cgroup()) {
    rest = kill_cgroup_rest();
    for (const Orphan& stray : rest)
      if (!stray.command.empty()) note(stray.pid, stray.command);
    return rest;
  }
  if (!in_namespace()) {
    rest = find_strays(record.id, start_time);
    for (const Orphan& stray : rest) {
      signal_pidfd(stray.pidfd.get(), SIGKILL);
      if (!stray.command.empty()) note(stray.pid, stray.command);
    }
    return rest;
  }
  if (!init.pidfd) return rest;
  // Only orphans can be left, and those are its children; /proc is searched only if there are any.
  if (!children_of(init.pid).empty()) {
    for (const Survivor& survivor : survivors(record)) {
      if (survivor.pid != init.pid && !is_program(survivor.pid, survivor.start_time))
        note(survivor.pid, survivor.command);
    }
  }
  signal_pidfd(init.pidfd.get(), SIGKILL);
  rest.push_back({UniqueFd(::fcntl(init.pidfd.get(), F_DUPFD_CLOEXEC, 0)), init.pid, "", false});
  return rest;
}

bool Group::Impl::is_program(pid_t pid, std::uint64_t begun) const {
  return std::any_of(programs.begin(), programs.end(), [&](const auto& known) {
    return known->pid() == pid && known->start_time() == begun;
  });
}

std::vector<Orphan> Group::Impl::kill_cgroup_rest() {
  std::vector<Orphan> rest;
  for (const pid_t pid : cgroup_members(record.cgroup)) {
    UniqueFd pidfd = open_pidfd(pid);
    const std::optional<ProcStat> stat = read_stat(pid);
    if (!pidfd || !stat || pidfd_ended(pidfd.get()) || is_program(pid, stat->start_time)) continue;
    // one that is dying already is waited for, but no news
    rest.push_back({std::move(pidfd), pid, stat->alive() ? command_of(pid) : "", false});
  }
  kill_cgroup(record.cgroup);
  return rest;
}

void Group::Impl::settle() {
  if (!in_namespace()) {
    reap_adopted();
    if (in_cgroup()) remove_cgroup(record.cgroup);
  } else if (init.pidfd && reap_namespace_init(init)) {
    forget_child(init.pid);
    init.pidfd.reset();
  }
}

void Group::Impl::end_now() {
  if (over) return;
  ending = over = true;
  for (const auto& program : programs) program->signal(SIGKILL);
  if (in_namespace()) signal_pidfd(init.pidfd.get(), SIGKILL);
  if (in_cgroup()) kill_cgroup(record.cgroup);
  for (const auto& program : programs) program->finish_now();
  const Clock::time_point last = Clock::now() + kill_time;
  while (Clock::now() < last) {
    const std::vector<Orphan> rest = kill_rest();
    if (rest.empty()) break;
    for (const Orphan& orphan : rest) {
      wait_pidfd(orphan.pidfd.get(),
                 static_cast<int>(std::chrono::milliseconds(kill_time).count()));
    }
    settle();
  }
  settle();
}

asio::awaitable<GroupEnd> Group::end(std::chrono::milliseconds grace) {
  const std::shared_ptr<Impl> impl = impl_;
  const Clock::time_point begun = Clock::now();
  GroupEnd end;
  impl->ending = true;
  if (!impl->programs.empty() && !impl->over) {
    auto stops = std::make_shared<Stops>(Stops{impl->programs.size(), Latch(impl->executor), {}});
    for (auto program = impl->programs.rbegin(); program != impl->programs.rend(); ++program) {
      asio::co_spawn(impl->executor, stop_one(*program, stops, grace), asio::detached);
    }
    co_await stops->done.wait();
    end.leaked = std::move(stops->leaked);
  }
  const Clock::time_point last = Clock::now() + kill_time;
  while (!impl->over && Clock::now() < last) {
    const std::vector<Orphan> rest = impl->kill_rest();
    if (rest.empty()) break;
    for (const Orphan& orphan : rest) co_await until_ended(orphan.pidfd.get(), last);
    impl->settle();
  }
  if (!impl->over) impl->settle();
  impl->over = true;
  end.leaked.insert(end.leaked.end(), impl->swept.begin(), impl->swept.end());
  end.took = Clock::now() - begun;
  co_return end;
}

}  // namespace muster::process
