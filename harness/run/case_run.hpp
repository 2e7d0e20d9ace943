#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "run/narrator.hpp"
#include "run/plan.hpp"
#include "run/service_thread.hpp"
#include "run/step_watch.hpp"
#include "run/worker_host.hpp"
#include "steps/assertions.hpp"
#include "steps/body.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// What all cases of a worker share.
struct WorkerContext {
  const Plan& plan;
  const steps::Library& library;
  const steps::RunInfo& run;
  ServiceThread& service;
  Narrator& narrator;
  steps::AssertionCollector& assertions;
  StepWatch& watch;
  bool limits = true;  ///< false: no deadlines, for a debugger
};

/// Runs one case on the body thread: hooks, steps, fixtures, the extension's say. The service
/// thread watches each body's deadline and finishes the case by itself when a body hangs.
class CaseRun {
 public:
  CaseRun(WorkerContext& context, std::uint32_t index, std::uint32_t attempt);

  void run();

 private:
  using Clock = std::chrono::steady_clock;

  void run_step(std::uint32_t index, Scenario& scenario);
  frame::StepFinished run_hook(std::uint32_t index, Scenario& scenario);
  frame::StepFinished run_pickle_step(std::uint32_t index, Scenario& scenario);
  steps::BodyResult run_watched(std::uint32_t index, void (*body)(), detail::Invoke invoke,
                                const detail::Call& call, std::chrono::milliseconds timeout);
  steps::BodyResult run_step_hooks(detail::HookKind kind, std::uint32_t index, Scenario& scenario,
                                   Clock::time_point deadline);
  std::chrono::milliseconds timeout_of(std::uint32_t index) const;

  /// The verdict of a failed step: what the extension makes of it.
  frame::StepFinished judge(std::uint32_t index, steps::BodyResult result,
                            std::chrono::milliseconds timeout);
  void begin_extension();
  void end_extension();

  /// On the service thread, after it took over: tells how the case ends while the body of step
  /// `index` still runs.
  boost::asio::awaitable<void> finish_without_body(std::uint32_t index,
                                                   std::chrono::milliseconds timeout);

  WorkerContext& context_;
  const std::uint32_t index_;
  const std::uint32_t attempt_;
  const PlannedCase& planned_;
  WorkerHost host_;
  std::unique_ptr<steps::Extension> extension_;
  std::string refusal_;    ///< why no step may run
  bool skipping_ = false;  ///< an earlier step did not pass
  bool skipped_ = false;   ///< the first of them asked to skip the rest
  Clock::time_point scenario_deadline_;
};

}  // namespace muster::run
