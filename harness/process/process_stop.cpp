// How a program is stopped. TERM goes to its process group. Whatever is left when the program has
// ended (children in its group, in sessions of their own, daemons) gets TERM too and the rest of
// the grace, then KILL, in rounds until nothing new appears. Processes that are not our children
// are held by pidfd from the moment they are identified, so that no signal can reach another.
#include <csignal>
#include <map>
#include <set>

#include "process/latch.hpp"
#include "process/proc_fs.hpp"
#include "process/process_impl.hpp"

namespace muster::process {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
namespace {

/// How long the kernel may take to end what was sent KILL (it waits for uninterruptible I/O).
constexpr std::chrono::seconds kill_time{2};

/// What a program has left behind.
struct Leftovers {
  std::map<pid_t, Casualty> seen;
  std::set<pid_t> leaked;
};

/// Signals `orphans` and waits until they have ended or `deadline` is over.
asio::awaitable<void> signal_and_wait(const std::vector<Orphan>& orphans, int signal,
                                      Clock::time_point deadline) {
  for (const Orphan& orphan : orphans) signal_pidfd(orphan.pidfd.get(), signal);
  for (const Orphan& orphan : orphans) co_await until_ended(orphan.pidfd.get(), deadline);
}

}  // namespace

asio::awaitable<StopReport> Process::stop(std::chrono::milliseconds grace) {
  const auto self = shared_from_this();
  Impl& impl = *impl_;
  if (impl.stopping) {
    co_await impl.stopped.wait();
    co_return impl.report;
  }
  impl.stopping = true;
  const Clock::time_point begun = Clock::now();
  const Clock::time_point deadline = begun + grace;

  const bool was_running = signal(SIGTERM);
  if (was_running && !co_await impl.exited.wait_until(deadline)) {
    impl.report.forced = true;
    signal(SIGKILL);
    co_await impl.exited.wait_until(Clock::now() + kill_time);
  }

  Leftovers left;
  const Clock::time_point last = std::max(deadline, Clock::now()) + kill_time;
  while (Clock::now() < last) {
    const std::vector<Orphan> orphans =
        impl.setting.launcher->orphans(impl.setting.reaper, impl.launched, impl.setting.mark);
    if (orphans.empty()) break;
    for (const Orphan& orphan : orphans) {
      left.seen.try_emplace(orphan.pid, Casualty{orphan.pid, orphan.command});
      // A child in the group that ends by the TERM it got with its parent was no leak.
      if (!was_running || !orphan.in_group) left.leaked.insert(orphan.pid);
    }
    if (Clock::now() < deadline) {
      co_await signal_and_wait(orphans, SIGTERM, deadline);
      continue;
    }
    for (const Orphan& orphan : orphans) left.leaked.insert(orphan.pid);
    co_await signal_and_wait(orphans, SIGKILL, last);
  }

  if (impl.status) co_await impl.drained.wait();
  if (impl.status) impl.report.exit = *impl.status;
  for (pid_t pid : left.leaked) {
    impl.report.leaked.push_back(left.seen[pid]);
    observe("leaked", {{"child", pid}, {"command", left.seen[pid].command}},
            "it outlived the program");
  }
  impl.report.took = Clock::now() - begun;
  impl.stopped.set();
  co_return impl.report;
}

}  // namespace muster::process
