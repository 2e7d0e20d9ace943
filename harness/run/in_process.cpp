#include "run/in_process.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <optional>

#include "base/json.hpp"
#include "process/group_record.hpp"
#include "process/sweep.hpp"
#include "process/watchdog.hpp"
#include "run/case_run.hpp"
#include "run/hook_runner.hpp"
#include "run/hook_telling.hpp"
#include "run/narrator.hpp"
#include "run/nothing_ran.hpp"
#include "steps/assertions.hpp"

namespace muster::run {
namespace {

/// Turns frames into messages on the thread that sends them.
class DirectSink final : public FrameSink {
 public:
  DirectSink(const Plan& plan, const Surroundings& around, HookTelling& hooks,
             process::Watchdog& watchdog)
      : plan_(plan), around_(around), hooks_(hooks), watchdog_(watchdog) {}

  void send(const Frame& frame) override {
    const std::lock_guard lock(mutex_);
    if (around_.onlooker != nullptr) around_.onlooker->frame(0, frame);
    if (const auto* started = std::get_if<frame::CaseStarted>(&frame); started && !telling_) {
      begin(started->index);
    }
    if (telling_) telling_->on(frame);
    std::visit([this](const auto& it) { take(it); }, frame);
    // a body runs next, which may take its time, or never come back
    const bool body = std::holds_alternative<frame::StepStarted>(frame) ||
                      std::holds_alternative<frame::HookStarted>(frame);
    if (body && around_.quiet) around_.quiet();
  }

  /// Of a case without worker.
  void not_run(std::uint32_t index, const Closed& verdict) {
    begin(index);
    telling_->on(frame::NotRun{system_clock().wall(), verdict.fails, verdict.reason});
    telling_.reset();
  }

 private:
  void begin(std::uint32_t index) { telling_.emplace(plan_, index, around_.next_id, around_.emit); }
  void take(const frame::CaseFinished& it) {
    if (!it.retried) telling_.reset();
  }
  void take(const frame::Observed& it) { around_.observe(it.json); }
  void take(const frame::GroupOpened& it) {
    const auto json = parse_json(it.record);
    if (!json) return;
    if (json->contains("engine")) (void)watchdog_.add_engine(string_at(*json, "engine"));
    if (const auto group = process::group_record_from_json(*json)) (void)watchdog_.add(*group);
  }
  void take(const frame::HookStarted& it) { hooks_.on(it); }
  void take(const frame::HookFinished& it) { hooks_.on(it); }
  void take(const frame::HookAttached& it) { hooks_.on(it); }
  void take(const auto&) {}

  const Plan& plan_;
  const Surroundings& around_;
  HookTelling& hooks_;
  process::Watchdog& watchdog_;
  std::mutex mutex_;
  std::optional<CaseTelling> telling_;
};

/// Bodies run in this process: one that calls exit() must not end the run as a success.
class ExitGuard {
 public:
  ExitGuard() {
    running() = true;
    static const int registered = on_exit(
        [](int status, void*) {
          if (!running()) return;
          std::fflush(nullptr);
          std::fprintf(stderr, "muster: a body ended the process with exit status %d\n", status);
          _exit(1);
        },
        nullptr);
    (void)registered;
  }
  ~ExitGuard() { running() = false; }
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;

 private:
  static bool& running() {
    static bool it = false;
    return it;
  }
};

/// All cases, one after the other; whether none was red.
bool run_cases(const Plan& plan, const RunOptions& options, DirectSink& sink,
               WorkerContext& context) {
  bool passed = true;
  for (std::uint32_t i = 0; i < plan.cases.size(); ++i) {
    std::optional<Closed> closed = plan.cases[i].closed;
    if (!closed && !passed && options.fail_fast) closed = kFailedFast;
    if (closed) {
      sink.not_run(i, *closed);
      passed = passed && !closed->fails;
    } else {
      passed = is_green(run_attempts(context, i, 0)) && passed;
    }
  }
  return passed;
}

}  // namespace

Outcome run_in_process(const Plan& plan, Matching& matching, const steps::RunInfo& run,
                       const RunOptions& options, const Surroundings& around) {
  const ExitGuard guard;
  Outcome outcome;
  const steps::Library& library = matching.library();
  (void)process::become_subreaper();
  auto watchdog = process::start_watchdog(run.run_id, run.scratch);
  if (!watchdog) return broken_run(plan, library, around, watchdog.error());
  HookTelling hooks(plan, library, around);
  DirectSink sink(plan, around, hooks, *watchdog);
  steps::silence_googletest();
  steps::AssertionCollector assertions;
  const auto say = [&](const Frame& it) { sink.send(it); };
  hooks.run_started();
  run_hooks(library, detail::HookKind::before_all, options.timeouts.hook, assertions, say);
  bool passed = false;
  if (hooks.passed()) {
    hooks.cases_begin();
    Narrator narrator(sink);
    narrator.bind_body_thread();
    ServiceThread service;
    StepWatch watch(service.executor());
    muster::detail::FixtureStore fixtures;
    WorkerContext context{
        plan,     matching,         run, service,         narrator, assertions, watch,
        fixtures, options.timeouts, 0,   /*limits=*/false};
    passed = run_cases(plan, options, sink, context);
    fixtures.destroy();
    for (const auto& late : assertions.take()) outcome.problem += late.text;
  }
  run_hooks(library, detail::HookKind::after_all, options.timeouts.hook, assertions, say);
  if (outcome.problem.empty() && !options.shard) outcome.problem = nothing_ran(plan);
  outcome.passed = passed && hooks.passed() && outcome.problem.empty();
  hooks.run_finished(outcome.passed, outcome.problem);
  watchdog->done();
  return outcome;
}

}  // namespace muster::run
