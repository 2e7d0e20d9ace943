#include "run/worker.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "process/sweep.hpp"
#include "run/case_run.hpp"
#include "run/channel.hpp"
#include "run/narrator.hpp"
#include "run/output_pump.hpp"
#include "run/service_thread.hpp"
#include "steps/assertions.hpp"

namespace muster::run {
namespace {

/// The numbers of what a worker keeps beside the standard streams; all above is closed.
constexpr int kChannel = 3;
constexpr int kOutputEnd = 4;

/// What a worker is left with.
struct Kept {
  std::unique_ptr<WorkerMemory> memory;
  UniqueFd channel;
  UniqueFd output_end;
};

/// Keeps the channel, the memory and the standard streams, nothing else of what the zygote had
/// open.
Kept keep_only(WorkerDescriptors descriptors) {
  Kept kept;
  kept.memory = std::make_unique<WorkerMemory>(descriptors.memory.get());
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(descriptors.output.get(), STDOUT_FILENO);
  dup2(descriptors.output.get(), STDERR_FILENO);
  // out of the way first: each may have the number that the other gets
  const int channel = fcntl(descriptors.channel.release(), F_DUPFD_CLOEXEC, kOutputEnd + 1);
  const int output_end = fcntl(descriptors.output_end.release(), F_DUPFD_CLOEXEC, kOutputEnd + 1);
  descriptors.output.release();
  descriptors.memory.release();
  dup3(channel, kChannel, O_CLOEXEC);
  dup3(output_end, kOutputEnd, O_CLOEXEC);
  close_range(kOutputEnd + 1, ~0U, 0);
  kept.channel = UniqueFd(kChannel);
  kept.output_end = UniqueFd(kOutputEnd);
  return kept;
}

void run_case(const RunContext& run, WorkerContext& context, std::uint32_t index,
              std::uint32_t attempt) {
  if (index >= run.plan.cases.size()) _exit(1);
  const Status worst = run_attempts(context, index, attempt);
  if (run.fail_fast && !is_green(worst)) run.board.stop();
}

/// Destroys what lived as long as the worker; what was wrong then.
std::string destroy(muster::detail::FixtureStore& fixtures, steps::AssertionCollector& assertions) {
  std::string problem;
  fixtures.destroy();
  for (const auto& late : assertions.take()) {
    problem += (problem.empty() ? "" : "\n") + late.file + ":" + std::to_string(late.line) + ": " +
               late.text;
  }
  return problem;
}

[[noreturn]] void work(const RunContext& run, std::uint32_t number, pid_t zygote,
                       WorkerDescriptors descriptors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != zygote) _exit(1);
  prctl(PR_SET_NAME, "muster-worker");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN);            // a terminal's Ctrl-C is the coordinator's to answer
  (void)process::become_subreaper();  // without it the coordinator gets the orphans

  // a body that calls exit() must not run destructors beside the service thread; registered last,
  // this runs first
  on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        _exit(status);
      },
      nullptr);
  // what a body printed before it crashed must not be lost in a buffer
  setvbuf(stdout, nullptr, _IOLBF, 0);
  Kept kept = keep_only(std::move(descriptors));
  Channel channel(std::move(kept.channel), kept.memory->ring);
  ServiceThread service;
  OutputPump output(service.executor(), std::move(kept.output_end), kept.memory->printed);
  Narrator narrator(channel, [&] { return output.take(); });
  narrator.bind_body_thread();
  StepWatch watch(service.executor());
  steps::silence_googletest();
  steps::AssertionCollector assertions;
  muster::detail::FixtureStore fixtures;
  WorkerContext context{run.plan,   run.matching, run.run,  service,      narrator,
                        assertions, watch,        fixtures, run.timeouts, number};
  while (const auto order = channel.receive()) {
    if (const auto* one = std::get_if<frame::RunOne>(&*order)) {
      run_case(run, context, one->index, one->attempt);
    } else if (std::holds_alternative<frame::RunFree>(*order)) {
      while (const auto index = run.board.take()) run_case(run, context, *index, 0);
    } else {
      _exit(1);
    }
    channel.send(frame::Idle{});
  }
  channel.send(frame::Leaving{destroy(fixtures, assertions)});
  // destructors of the step library are the zygote's: nothing of them runs here
  std::fflush(nullptr);
  _exit(0);
}

}  // namespace

void run_worker(const RunContext& run, std::uint32_t number, pid_t zygote,
                WorkerDescriptors descriptors) {
  // above this frame stands what the coordinator was at when it forked: nothing may unwind into it
  try {
    work(run, number, zygote, std::move(descriptors));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "muster: a worker cannot work: %s\n", failure.what());
  } catch (...) {
    std::fputs("muster: a worker cannot work\n", stderr);
  }
  _exit(1);
}

}  // namespace muster::run
