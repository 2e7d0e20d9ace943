#include "run/worker.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

#include "process/sweep.hpp"
#include "run/case_run.hpp"
#include "run/channel.hpp"
#include "run/narrator.hpp"
#include "run/service_thread.hpp"
#include "steps/assertions.hpp"

namespace muster::run {
namespace {

/// The channel's number in every worker; all above it is closed.
constexpr int kChannelFd = 3;

/// Keeps the channel and the standard streams, nothing else of what the zygote had open.
UniqueFd keep_only(WorkerDescriptors descriptors) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(descriptors.output.get(), STDOUT_FILENO);
  dup2(descriptors.output.get(), STDERR_FILENO);
  const int channel = descriptors.channel.release();
  descriptors.output.release();
  if (channel != kChannelFd) dup3(channel, kChannelFd, O_CLOEXEC);
  close_range(kChannelFd + 1, ~0U, 0);
  return UniqueFd(kChannelFd);
}

}  // namespace

void run_worker(const Plan& plan, const steps::Library& library, const steps::RunInfo& run,
                pid_t zygote, WorkerDescriptors descriptors) {
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
  Channel channel(keep_only(std::move(descriptors)));
  Narrator narrator(channel);
  narrator.bind_body_thread();
  ServiceThread service;
  StepWatch watch(service.executor());
  steps::silence_googletest();
  steps::AssertionCollector assertions;
  WorkerContext context{plan, library, run, service, narrator, assertions, watch};
  while (const auto frame = channel.receive()) {
    const auto* assign = std::get_if<frame::Assign>(&*frame);
    if (assign == nullptr || assign->index >= plan.cases.size()) _exit(1);
    CaseRun(context, assign->index, assign->attempt).run();
  }
  // destructors of the step library are the zygote's: nothing of them runs here
  _exit(0);
}

}  // namespace muster::run
