#include "run/in_process.hpp"

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
#include "steps/assertions.hpp"

namespace muster::run {
namespace {

/// Turns frames into messages on the thread that sends them.
class DirectSink final : public FrameSink {
 public:
  DirectSink(const Plan& plan, const Surroundings& around, HookTelling& hooks,
             process::Watchdog& watchdog)
      : plan_(plan), around_(around), hooks_(hooks), watchdog_(watchdog) {}

  bool send(const Frame& frame) override {
    const std::lock_guard lock(mutex_);
    std::visit([this](const auto& it) { take(it); }, frame);
    return true;
  }

  void close(std::size_t index, const Closed& verdict) {
    CaseTelling(plan_.cases[index], around_.started_id(index), "", around_.emit).close(verdict);
    passed_ = passed_ && !verdict.fails;
  }

  bool passed() const { return passed_; }

 private:
  void take(const frame::CaseStarted& it) {
    telling_.emplace(plan_.cases.at(it.index), around_.started_id(it.index), "0", around_.emit);
    telling_->on(it);
  }
  void take(const frame::StepStarted& it) { telling_->on(it); }
  void take(const frame::Attached& it) { telling_->on(it); }
  void take(const frame::StepFinished& it) { telling_->on(it); }
  void take(const frame::CaseFinished& it) {
    telling_->on(it);
    const Status status = telling_->status();
    passed_ = passed_ && (status == Status::passed || status == Status::skipped);
  }
  void take(const frame::Observed& it) { around_.observe(it.json); }
  void take(const frame::GroupOpened& it) {
    const auto json = parse_json(it.record);
    if (!json) return;
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
  bool passed_ = true;
};

}  // namespace

Outcome run_in_process(const Plan& plan, const steps::Library& library, const steps::RunInfo& run,
                       const Surroundings& around) {
  Outcome outcome;
  (void)process::become_subreaper();
  auto watchdog = process::start_watchdog(run.run_id, run.scratch);
  if (!watchdog) return broken_run(plan, library, around, watchdog.error());
  HookTelling hooks(plan, library, around);
  DirectSink sink(plan, around, hooks, *watchdog);
  steps::silence_googletest();
  steps::AssertionCollector assertions;
  hooks.run_started();
  run_hooks(library, detail::HookKind::before_all, assertions,
            [&](const Frame& it) { sink.send(it); });
  if (hooks.passed()) {
    hooks.cases_begin();
    Narrator narrator(sink);
    narrator.bind_body_thread();
    ServiceThread service;
    StepWatch watch(service.executor());
    WorkerContext context{plan,     library,    run,   service,
                          narrator, assertions, watch, /*limits=*/false};
    for (std::uint32_t i = 0; i < plan.cases.size(); ++i) {
      if (plan.cases[i].closed) {
        sink.close(i, *plan.cases[i].closed);
      } else {
        CaseRun(context, i, 0).run();
      }
    }
  }
  run_hooks(library, detail::HookKind::after_all, assertions,
            [&](const Frame& it) { sink.send(it); });
  outcome.passed = sink.passed() && hooks.passed();
  hooks.run_finished(outcome.passed, outcome.problem);
  watchdog->done();
  return outcome;
}

}  // namespace muster::run
