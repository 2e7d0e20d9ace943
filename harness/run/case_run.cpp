#include "run/case_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>
#include <iostream>

#include "base/clock.hpp"
#include "run/defaults.hpp"
#include "run/verdicts.hpp"
#include "steps/attaching.hpp"
#include "steps/host.hpp"

namespace muster::run {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Kind = steps::BodyResult::Kind;

namespace {

std::string timed_out(milliseconds timeout) {
  return fmt::format("timed out after {:g} s", static_cast<double>(timeout.count()) / 1000.0);
}

}  // namespace

Status run_attempts(WorkerContext& context, std::uint32_t index, std::uint32_t first) {
  for (std::uint32_t attempt = first; CaseRun(context, index, attempt).run();) ++attempt;
  return context.narrator.worst();
}

CaseRun::CaseRun(WorkerContext& context, std::uint32_t index, std::uint32_t attempt)
    : context_(context),
      index_(index),
      attempt_(attempt),
      planned_(context.plan.cases.at(index)),
      timeline_(attempt, mono_ns(), system_clock().wall()),
      host_(context.run, context.service, context.narrator, context.fixtures),
      before_step_(context.matching.library().hooks_for(detail::HookKind::before_step,
                                                        planned_.info.scenario.tags)),
      after_step_(context.matching.library().hooks_for(detail::HookKind::after_step,
                                                       planned_.info.scenario.tags)),
      scenario_deadline_(Clock::now() + (context.limits ? context.timeouts.scenario : kNoLimit)) {}

bool CaseRun::run() {
  context_.narrator.case_started(index_, attempt_, context_.worker);
  host_.set_recorder(&timeline_);
  begin_extension();
  {
    ScenarioInfo info = planned_.info.scenario;
    info.attempt = static_cast<int>(attempt_);
    Scenario scenario(std::move(info), host_);
    const steps::Attaching attaching([this](const Attachment& it) { host_.attach(it); });
    for (std::uint32_t i = 0; i < planned_.steps.size(); ++i) run_step(i, scenario);
    context_.narrator.case_ending(2 * context_.timeouts.hook);
    host_.set_deadline(steps::Deadline(Clock::now() + context_.timeouts.hook));
    scenario.destroy_fixtures();
  }
  end_extension();
  for (const auto& late : context_.assertions.take()) {
    context_.narrator.amend_last(fmt::format("{}:{}: {}", late.file, late.line, late.text));
  }
  return context_.narrator.case_finished(attempt_ < planned_.retries, timeline_.text(mono_ns()));
}

std::string CaseRun::title_of(std::uint32_t index) const {
  const PlannedStep& step = planned_.steps[index];
  if (step.hook) {
    const auto& hook = context_.matching.library().hooks[*step.hook].definition;
    return fmt::format("hook {}:{}", hook.file, hook.line);
  }
  const auto& info = planned_.info.steps[step.pickle_step];
  const bool spaced = info.keyword.empty() || info.keyword.ends_with(' ');
  return fmt::format("{}{}{}", info.keyword, spaced ? "" : " ", info.text);
}

void CaseRun::begin_extension() {
  const ScenarioInfo& scenario = planned_.info.scenario;
  host_.set_case(fmt::format("{}:{}{}", scenario.uri, scenario.line,
                             attempt_ == 0 ? std::string() : fmt::format("#{}", attempt_)));
  if (!steps::registered_extension()) return;
  host_.set_deadline(steps::Deadline(Clock::now() + context_.timeouts.hook));
  try {
    const auto begun = host_.on_service<Result<void>>([this]() -> asio::awaitable<Result<void>> {
      extension_ = steps::registered_extension()(host_, planned_.info);
      co_return co_await extension_->begin();
    });
    host_.set_extension(extension_.get());
    if (!begun) refusal_ = render(begun.error());
  } catch (const std::exception& failure) {
    refusal_ = failure.what();
  }
}

void CaseRun::end_extension() {
  if (!extension_) return;
  host_.set_deadline(steps::Deadline(Clock::now() + context_.timeouts.hook));
  std::vector<std::string> problems;
  try {
    problems = host_.on_service<std::vector<std::string>>([this] { return extension_->end(); });
  } catch (const std::exception& failure) {
    problems.push_back(fmt::format("the scenario's end: {}", failure.what()));
  }
  host_.set_extension(nullptr);
  host_.set_deadline(steps::Deadline(Clock::time_point::max()));
  host_.wait_on_service([this]() -> asio::awaitable<void> {
    extension_.reset();  // where it lived
    co_return;
  });
  for (const auto& problem : problems) context_.narrator.amend_last(problem);
}

milliseconds CaseRun::hook_timeout(const detail::HookDefinition& hook) const {
  return context_.limits ? hook.timeout.value_or(context_.timeouts.hook) : kNoLimit;
}

milliseconds CaseRun::timeout_of(std::uint32_t index) const {
  if (!context_.limits) return kNoLimit;
  const PlannedStep& step = planned_.steps[index];
  if (step.hook) return hook_timeout(context_.matching.library().hooks[*step.hook].definition);
  if (extension_) {
    if (const auto own = extension_->step_timeout(step.pickle_step)) return *own;
  }
  if (step.fitting != 1) return context_.timeouts.step;
  return context_.matching.library().steps[step.definition].timeout.value_or(
      context_.timeouts.step);
}

void CaseRun::run_step(std::uint32_t index, Scenario& scenario) {
  const bool is_hook = planned_.steps[index].hook.has_value();
  // what the coordinator waits for: the step with all its hooks
  milliseconds in_all = timeout_of(index);
  for (const auto* hooks : {&before_step_, &after_step_}) {
    if (is_hook) break;
    for (const std::size_t hook : *hooks) {
      in_all += hook_timeout(context_.matching.library().hooks[hook].definition);
    }
  }
  context_.narrator.step_started(index, std::min(in_all, kNoLimit));
  timeline_.step_began(title_of(index), mono_ns());
  auto done = is_hook ? run_hook(index, scenario) : run_pickle_step(index, scenario);
  if (done.status == Status::skipped && !skipping_) skipped_ = true;
  if (done.status != Status::passed) skipping_ = true;
  std::fflush(nullptr);
  std::cout.flush();
  timeline_.step_ended(done.status, done.message, mono_ns());
  context_.narrator.step_finished(std::move(done));
}

frame::StepFinished CaseRun::run_hook(std::uint32_t index, Scenario& scenario) {
  const auto& hook = context_.matching.library().hooks[*planned_.steps[index].hook].definition;
  if (!refusal_.empty() && !skipping_) return finished(index, Status::failed, refusal_);
  // AFTER hooks run whatever happened; BEFORE hooks only while all is well
  if (skipping_ && hook.kind == detail::HookKind::before) return finished(index, Status::skipped);
  detail::Call call;
  call.scenario = &scenario;
  const auto timeout = timeout_of(index);
  auto result = run_watched(index, hook.body, hook.invoke, call, timeout, timed_out(timeout));
  return finished(index, std::move(result));
}

frame::StepFinished CaseRun::run_pickle_step(std::uint32_t index, Scenario& scenario) {
  const PlannedStep& step = planned_.steps[index];
  // what a body asked to skip is skipped, defined or not; after a failure an undefined step is told
  if (skipped_) return finished(index, Status::skipped);
  if (auto verdict = unmatched_verdict(index, step)) return std::move(*verdict);
  if (skipping_) return finished(index, Status::skipped);
  if (!refusal_.empty()) return finished(index, Status::failed, refusal_);

  const auto& definition = context_.matching.library().steps[step.definition];
  const auto& info = planned_.info.steps[step.pickle_step];
  detail::Call call;
  call.scenario = &scenario;
  call.table = step.table.get();
  call.doc_string = info.doc_string.get();
  call.arguments = context_.matching.of(info.text, step.type).arguments;
  const auto timeout = timeout_of(index);
  auto result = run_step_hooks(before_step_, index, scenario);
  if (result.kind == Kind::passed) {
    result =
        run_watched(index, definition.body, definition.invoke, call, timeout, timed_out(timeout));
  }
  auto after = run_step_hooks(after_step_, index, scenario);
  if (result.kind == Kind::passed && after.kind != Kind::passed) result = std::move(after);
  return judge(index, std::move(result));
}

void CaseRun::show_programs() {
  if (!context_.run.last_output) return;
  const std::string programs = host_.programs().text();
  if (!programs.empty())
    context_.narrator.attach({programs, "text/x.cucumber.log+plain", {}, true});
}

steps::BodyResult CaseRun::run_step_hooks(const std::vector<std::size_t>& hooks,
                                          std::uint32_t index, Scenario& scenario) {
  steps::BodyResult result;
  for (const std::size_t hook : hooks) {
    const auto& definition = context_.matching.library().hooks[hook].definition;
    detail::Call call;
    call.scenario = &scenario;
    const auto timeout = hook_timeout(definition);
    const auto named = fmt::format("hook {}:{}: ", definition.file, definition.line);
    result = run_watched(index, definition.body, definition.invoke, call, timeout,
                         named + timed_out(timeout));
    if (result.kind == Kind::passed) continue;
    if (result.kind == Kind::failed && !result.message.starts_with(named)) {
      result.message.insert(0, named);
    }
    break;
  }
  return result;
}

steps::BodyResult CaseRun::run_watched(std::uint32_t index, void (*body)(), detail::Invoke invoke,
                                       const detail::Call& call, milliseconds timeout,
                                       const std::string& what) {
  // what cleans up has its own time, whatever the scenario used up
  const bool cleans_up = planned_.steps[index].hook && skipping_;
  const steps::Deadline own(Clock::now() + timeout);
  const bool scenario_ends = !cleans_up && scenario_deadline_.at() < own.at();
  const steps::Deadline deadline = scenario_ends ? steps::Deadline(scenario_deadline_.at()) : own;
  const std::string why =
      scenario_ends ? fmt::format("the scenario {}", timed_out(context_.timeouts.scenario)) : what;
  host_.set_deadline(deadline);
  context_.watch.step_began(steps::Deadline(deadline.at() + kTakeOverAfter), [this, index, why] {
    context_.narrator.take_over();
    asio::co_spawn(context_.service.executor(), finish_without_body(index, why), asio::detached);
  });
  auto result = steps::run_body(body, invoke, call, deadline, context_.assertions);
  // overdue: the service thread tells the rest, and this frame, which it reads, must stay
  if (!context_.watch.step_ended()) Narrator::park();
  if (result.code == "timed_out") {
    result.message = result.exception_message = why;
    result.exception_type = kTimedOut;
  }
  return result;
}

frame::StepFinished CaseRun::judge(std::uint32_t index, steps::BodyResult result) {
  const std::size_t pickle_step = planned_.steps[index].pickle_step;
  const bool tolerated =
      result.kind == Kind::failed && extension_ && extension_->expects_failure(pickle_step);
  if (result.kind == Kind::failed && !tolerated) show_programs();
  if (result.kind == Kind::failed && extension_) {
    const steps::StepFailure failure{pickle_step, result.message, result.code};
    host_.set_deadline(steps::Deadline(Clock::now() + kExplainTimeout));
    try {
      if (tolerated) {
        host_.wait_on_service([&]() -> asio::awaitable<void> {
          extension_->tolerated(failure);
          co_return;
        });
        const std::string evidence = "recorded as evidence: " + result.message;
        context_.narrator.attach({evidence, "text/x.cucumber.log+plain", {}, true});
        return finished(index, Status::passed);
      }
      const auto explanation = host_.on_service<std::optional<steps::Explanation>>(
          [&] { return extension_->explain(failure); });
      if (explanation) {
        result.message = explanation->text + "\n" + result.message;
        if (!explanation->json.empty()) {
          context_.narrator.attach(
              {explanation->json, "application/json", "explanation.json", true});
        }
      }
    } catch (const std::exception& problem) {
      result.message += fmt::format("\n(no explanation: {})", problem.what());
    }
  }
  return finished(index, std::move(result));
}

asio::awaitable<void> CaseRun::finish_without_body(std::uint32_t index, std::string why) {
  std::string message = why + "; the body still runs, its worker is replaced";
  show_programs();
  if (extension_ && !planned_.steps[index].hook) {
    const steps::StepFailure failure{planned_.steps[index].pickle_step, message, "timed_out"};
    if (const auto explanation = co_await extension_->explain(failure)) {
      message = explanation->text + "\n" + message;
    }
  }
  auto verdict = finished(index, Status::failed, std::move(message));
  verdict.exception_type = kTimedOut;
  verdict.exception_message = why;
  timeline_.step_ended(Status::failed, why, mono_ns());
  context_.narrator.step_finished(std::move(verdict));
  for (std::uint32_t i = index + 1; i < planned_.steps.size(); ++i) {
    context_.narrator.step_started(i, milliseconds(0));
    context_.narrator.step_finished(finished(i, Status::skipped));
  }
  context_.narrator.send(frame::Stuck{});
  context_.narrator.case_finished(attempt_ < planned_.retries, timeline_.text(mono_ns()));
}

}  // namespace muster::run
