#include "run/dry_run.hpp"

#include "run/hook_telling.hpp"
#include "run/verdicts.hpp"

namespace muster::run {

Outcome dry_run(const Plan& plan, const steps::Library& library, const Surroundings& around) {
  Outcome outcome;
  outcome.passed = true;
  HookTelling run(plan, library, around);
  run.run_started();
  run.cases_begin();
  for (std::uint32_t i = 0; i < plan.cases.size(); ++i) {
    const PlannedCase& planned = plan.cases[i];
    CaseTelling telling(plan, i, around.next_id, around.emit);
    const WallTime now = system_clock().wall();
    if (planned.closed) {
      telling.on(frame::NotRun{now, planned.closed->fails, planned.closed->reason});
      outcome.passed = outcome.passed && !planned.closed->fails;
      continue;
    }
    telling.on(frame::CaseStarted{i, 0, 0, now});
    for (std::uint32_t step = 0; step < planned.steps.size(); ++step) {
      telling.on(frame::StepStarted{step, now, 0});
      auto verdict = unmatched_verdict(step, planned.steps[step]);
      auto ended = verdict ? std::move(*verdict) : finished(step, Status::skipped);
      ended.at = now;
      outcome.passed = outcome.passed && is_green(ended.status);
      telling.on(ended);
    }
    telling.on(frame::CaseFinished{now, false});
  }
  run.run_finished(outcome.passed, outcome.problem);
  return outcome;
}

}  // namespace muster::run
