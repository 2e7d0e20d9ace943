// How a program is stopped. TERM, or the signal it asks for, goes to its process group. Whatever is
// left when the program has ended (children in its group, in sessions of their own, daemons) gets
// TERM too and the rest of the grace, then KILL, in rounds until nothing new appears. Processes
// that are not our children are held by pidfd from the moment they are identified, so that no
// signal can reach another.
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
  std::map<pid_t, std::string> seen;  ///< with their commands
  std::set<pid_t> leaked;
};

/// Waits until `orphans` have ended or `deadline` is over.
asio::awaitable<void> until_all_ended(const std::vector<Orphan>& orphans,
                                      Clock::time_point deadline) {
  for (const Orphan& orphan : orphans) co_await until_ended(orphan.pidfd.get(), deadline);
}

}  // namespace

asio::awaitable<StopReport> Process::stop(std::chrono::milliseconds grace,
                                          std::optional<int> first) {
  const auto self = shared_from_this();
  Impl& impl = *impl_;
  if (impl.stopping) {
    co_await impl.stopped.wait();
    co_return impl.report;
  }
  impl.stopping = true;
  const Clock::time_point begun = Clock::now();
  const Clock::time_point deadline = begun + grace;

  const bool was_running = signal(first.value_or(SIGTERM));
  const bool ended = co_await impl.exited.wait_until(deadline);
  if (!ended) {
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
    const bool in_grace = Clock::now() < deadline;
    for (const Orphan& orphan : orphans) {
      const bool is_new = left.seen.try_emplace(orphan.pid, orphan.command).second;
      // A child in the group had its TERM with the program: no leak if that ends it, and no second
      // TERM, which would disturb what it does about the first.
      const bool told = was_running && orphan.in_group;
      if (!told || !in_grace) left.leaked.insert(orphan.pid);
      if (!in_grace) {
        signal_pidfd(orphan.pidfd.get(), SIGKILL);
      } else if (is_new && !told) {
        signal_pidfd(orphan.pidfd.get(), SIGTERM);
      }
    }
    co_await until_all_ended(orphans, in_grace ? deadline : last);
  }
  impl.rest_ended.set();

  if (impl.status) co_await impl.drained.wait();
  impl.report.exit.unknown = !impl.status;
  if (impl.status) impl.report.exit = *impl.status;
  for (pid_t pid : left.leaked) {
    impl.report.leaked.push_back({pid, left.seen[pid]});
    observe("leaked", {{"child", pid}, {"command", left.seen[pid]}}, "it outlived the program");
  }
  impl.report.took = Clock::now() - begun;
  impl.stopped.set();
  co_return impl.report;
}

}  // namespace muster::process
