#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "run/defaults.hpp"
#include "run/matching.hpp"
#include "run/narrator.hpp"
#include "run/plan.hpp"
#include "run/service_thread.hpp"
#include "run/step_watch.hpp"
#include "run/timeline_recorder.hpp"
#include "run/worker_host.hpp"
#include "steps/assertions.hpp"
#include "steps/body.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// What all cases of a worker share.
struct WorkerContext {
  const Plan& plan;
  Matching& matching;
  const steps::RunInfo& run;
  ServiceThread& service;
  Narrator& narrator;
  steps::AssertionCollector& assertions;
  StepWatch& watch;
  muster::detail::FixtureStore& fixtures;  ///< of lifetime run
  Timeouts timeouts;
  std::uint32_t worker = 0;
  bool limits = true;  ///< false: no deadlines, for a debugger
};

/// Runs a case from attempt `first` on, again as long as it fails and may be retried. The worst of
/// the last attempt's steps.
Status run_attempts(WorkerContext& context, std::uint32_t index, std::uint32_t first);

/// Runs one case on the body thread: hooks, steps, fixtures, the extension's say. The service
/// thread watches each body's deadline and finishes the case by itself when a body hangs.
class CaseRun {
 public:
  CaseRun(WorkerContext& context, std::uint32_t index, std::uint32_t attempt);

  /// Answers whether another attempt follows.
  bool run();

 private:
  using Clock = std::chrono::steady_clock;

  void run_step(std::uint32_t index, Scenario& scenario);
  frame::StepFinished run_hook(std::uint32_t index, Scenario& scenario);
  frame::StepFinished run_pickle_step(std::uint32_t index, Scenario& scenario);
  steps::BodyResult run_watched(std::uint32_t index, void (*body)(), detail::Invoke invoke,
                                const detail::Call& call, std::chrono::milliseconds timeout,
                                const std::string& what);
  /// The first hook that does not pass ends them.
  steps::BodyResult run_step_hooks(const std::vector<std::size_t>& hooks, std::uint32_t index,
                                   Scenario& scenario);
  std::chrono::milliseconds hook_timeout(const detail::HookDefinition& hook) const;
  std::chrono::milliseconds timeout_of(std::uint32_t index) const;
  /// How the timeline calls a step.
  std::string title_of(std::uint32_t index) const;

  /// The verdict of a failed step: what the extension makes of it.
  frame::StepFinished judge(std::uint32_t index, steps::BodyResult result);
  /// Shows the programs and their last output with the step that failed.
  void show_programs();
  void begin_extension();
  void end_extension();

  /// On the service thread, after it took over: tells how the case ends while the body of step
  /// `index` still runs.
  boost::asio::awaitable<void> finish_without_body(std::uint32_t index, std::string why);

  WorkerContext& context_;
  const std::uint32_t index_;
  const std::uint32_t attempt_;
  const PlannedCase& planned_;
  TimelineRecorder timeline_;
  WorkerHost host_;
  std::unique_ptr<steps::Extension> extension_;
  std::string refusal_;    ///< why no step may run
  bool skipping_ = false;  ///< an earlier step did not pass
  bool skipped_ = false;   ///< the first of them asked to skip the rest
  std::vector<std::size_t> before_step_;
  std::vector<std::size_t> after_step_;
  steps::Deadline scenario_deadline_;
};

}  // namespace muster::run
