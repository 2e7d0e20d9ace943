#include "runtimes/probe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <mutex>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "process/group.hpp"
#include "process/latch.hpp"

namespace muster::runtimes {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
namespace {

/// What a probe prints, up to a cap.
struct Output {
  std::string out;
  std::string err;
};

/// Starting a pid namespace is tried for real; once is enough.
Result<process::Backend> backend() {
  static const Result<process::Backend> best = process::best_backend();
  return best;
}

/// Without namespaces a group that ends kills the children of this process that are nobody's, which
/// another thread's program is until it has been started whole.
std::unique_lock<std::mutex> alone(process::Backend backend) {
  static std::mutex one_at_a_time;
  return backend == process::Backend::subreaper ? std::unique_lock(one_at_a_time)
                                                : std::unique_lock<std::mutex>();
}

}  // namespace

Result<std::unique_ptr<Prober>> Prober::make(asio::any_io_executor executor, ProbeLimits limits,
                                             std::string search_path) {
  const Result<process::Backend> best = backend();
  if (!best) return best.error();
  std::unique_lock<std::mutex> turn = alone(*best);
  process::GroupOptions options;
  options.run_id = "probes-" + random_hex(8);
  options.id = "runtimes-" + random_hex(6);
  options.backend = *best;
  options.log.head_bytes = 1024;
  options.log.tail_bytes = 1024;
  Result<std::unique_ptr<process::Group>> group =
      process::Group::create(executor, std::move(options));
  if (!group) return group.error();
  return std::unique_ptr<Prober>(new Prober(std::move(executor), limits, std::move(search_path),
                                            std::move(turn), std::move(*group)));
}

Prober::Prober(asio::any_io_executor executor, ProbeLimits limits, std::string search_path,
               std::unique_lock<std::mutex> turn, std::unique_ptr<process::Group> group)
    : turn_(std::move(turn)),
      executor_(std::move(executor)),
      limits_(limits),
      search_path_(std::move(search_path)),
      group_(std::move(group)) {}

Prober::~Prober() = default;

asio::awaitable<ProbeOutcome> Prober::run(ProbeCall call) {
  const Clock::time_point begun = Clock::now();
  process::LaunchSpec spec;
  spec.name = call.binary.substr(call.binary.rfind('/') + 1);
  spec.program = call.binary;
  spec.args = call.args;
  spec.env = {"PATH=" + search_path_, "HOME=/", "LC_ALL=C.UTF-8"};
  spec.cwd = "/";
  ProbeOutcome outcome;
  const Result<std::shared_ptr<process::Process>> started = group_->spawn(std::move(spec));
  if (!started) {
    const std::string& code = started.error().code;
    // spawn_failed behind a file that was found: no loader, a bad interpreter
    outcome.end = code == "not_executable" || code == "spawn_failed"
                      ? ProbeOutcome::End::not_executable
                      : ProbeOutcome::End::not_started;
    outcome.detail = started.error().message;
    co_return outcome;
  }
  const std::shared_ptr<process::Process> program = *started;
  const auto output = std::make_shared<Output>();
  program->log().on_block([output, most = limits_.output_bytes](
                              process::Stream stream, std::int64_t, std::string_view lines) {
    std::string& text = stream == process::Stream::out ? output->out : output->err;
    if (text.size() < most) text.append(lines.substr(0, most - text.size()));
  });
  process::Latch ended(executor_);
  asio::co_spawn(executor_, program->wait(),
                 [ended](std::exception_ptr, process::ExitStatus) mutable { ended.set(); });
  const bool in_time = co_await ended.wait_until(begun + limits_.timeout);
  // Also after its end: what it left behind goes now.
  const process::StopReport stopped = co_await program->stop(std::chrono::milliseconds(0));
  outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  outcome.out = std::move(output->out);
  outcome.err = std::move(output->err);
  if (!in_time) {
    outcome.end = ProbeOutcome::End::timeout;
    outcome.detail = "no end within " + std::to_string(limits_.timeout.count()) + " ms";
  } else if (stopped.exit.unknown) {
    outcome.end = ProbeOutcome::End::not_started;
    outcome.detail = "its exit status was taken by somebody else";
  } else if (stopped.exit.signalled) {
    outcome.end = ProbeOutcome::End::signalled;
    outcome.term_signal = stopped.exit.code;
    outcome.detail = process::to_string(stopped.exit);
  } else {
    outcome.end = ProbeOutcome::End::exited;
    outcome.exit_code = stopped.exit.code;
  }
  co_return outcome;
}

std::string absolute_folders(const std::string& path) {
  std::vector<std::string> folders;
  for (std::string& folder : split(path, ':')) {
    if (folder.starts_with('/')) folders.push_back(std::move(folder));
  }
  return join(folders, ":");
}

}  // namespace muster::runtimes
