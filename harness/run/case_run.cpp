#include "run/case_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>
#include <iostream>

#include "run/defaults.hpp"
#include "steps/attaching.hpp"
#include "steps/host.hpp"

namespace muster::run {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Kind = steps::BodyResult::Kind;

namespace {

frame::StepFinished finished(std::uint32_t step, Status status, std::string message = {}) {
  frame::StepFinished made;
  made.step = step;
  made.status = status;
  made.message = std::move(message);
  return made;
}

Status status_of(Kind kind) {
  switch (kind) {
    case Kind::passed:
      return Status::passed;
    case Kind::pending:
      return Status::pending;
    case Kind::skipped:
      return Status::skipped;
    case Kind::failed:
      break;
  }
  return Status::failed;
}

std::string timed_out(milliseconds timeout) {
  return fmt::format("timed out after {:g} s", static_cast<double>(timeout.count()) / 1000.0);
}

}  // namespace

CaseRun::CaseRun(WorkerContext& context, std::uint32_t index, std::uint32_t attempt)
    : context_(context),
      index_(index),
      attempt_(attempt),
      planned_(context.plan.cases.at(index)),
      host_(context.run, context.service, context.narrator) {}

void CaseRun::run() {
  scenario_deadline_ = Clock::now() + (context_.limits ? kScenarioTimeout : kNoLimit);
  context_.narrator.case_started(index_, attempt_);
  begin_extension();
  {
    ScenarioInfo info = planned_.info.scenario;
    info.attempt = static_cast<int>(attempt_);
    Scenario scenario(std::move(info), host_);
    const steps::Attaching attaching([this](const Attachment& it) { host_.attach(it); });
    for (std::uint32_t i = 0; i < planned_.steps.size(); ++i) run_step(i, scenario);
    context_.narrator.case_ending(2 * kHookTimeout);
    host_.set_deadline(Clock::now() + kHookTimeout);
    scenario.destroy_fixtures();
  }
  end_extension();
  for (const auto& late : context_.assertions.take()) {
    context_.narrator.amend_last(fmt::format("{}:{}: {}", late.file, late.line, late.text));
  }
  context_.narrator.case_finished();
}

void CaseRun::begin_extension() {
  if (!steps::registered_extension()) return;
  host_.set_deadline(Clock::now() + kHookTimeout);
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
  host_.set_deadline(Clock::now() + kHookTimeout);
  std::vector<std::string> problems;
  try {
    problems = host_.on_service<std::vector<std::string>>([this] { return extension_->end(); });
  } catch (const std::exception& failure) {
    problems.push_back(fmt::format("the scenario's end: {}", failure.what()));
  }
  host_.set_extension(nullptr);
  host_.set_deadline(Clock::time_point::max());
  host_.wait_on_service([this]() -> asio::awaitable<void> {
    extension_.reset();  // where it lived
    co_return;
  });
  for (const auto& problem : problems) context_.narrator.amend_last(problem);
}

milliseconds CaseRun::timeout_of(std::uint32_t index) const {
  if (!context_.limits) return kNoLimit;
  const PlannedStep& step = planned_.steps[index];
  if (step.hook) {
    return context_.library.hooks[*step.hook].definition.timeout.value_or(kHookTimeout);
  }
  if (extension_) {
    if (const auto own = extension_->step_timeout(step.pickle_step)) return *own;
  }
  if (step.matches.size() != 1) return kStepTimeout;
  return context_.library.steps[step.matches[0].definition].timeout.value_or(kStepTimeout);
}

void CaseRun::run_step(std::uint32_t index, Scenario& scenario) {
  const bool is_hook = planned_.steps[index].hook.has_value();
  context_.narrator.step_started(index, timeout_of(index));
  auto done = is_hook ? run_hook(index, scenario) : run_pickle_step(index, scenario);
  if (done.status == Status::skipped && !skipping_) skipped_ = true;
  if (done.status != Status::passed) skipping_ = true;
  std::fflush(nullptr);
  std::cout.flush();
  context_.narrator.step_finished(std::move(done));
}

frame::StepFinished CaseRun::run_hook(std::uint32_t index, Scenario& scenario) {
  const auto& hook = context_.library.hooks[*planned_.steps[index].hook].definition;
  if (!refusal_.empty() && !skipping_) return finished(index, Status::failed, refusal_);
  // AFTER hooks run whatever happened; BEFORE hooks only while all is well
  if (skipping_ && hook.kind == detail::HookKind::before) return finished(index, Status::skipped);
  detail::Call call;
  call.scenario = &scenario;
  const auto timeout = timeout_of(index);
  auto result = run_watched(index, hook.body, hook.invoke, call, timeout);
  if (result.code == "timed_out") result.message = timed_out(timeout);
  auto done = finished(index, status_of(result.kind), std::move(result.message));
  done.exception_type = std::move(result.exception_type);
  done.exception_message = std::move(result.exception_message);
  return done;
}

frame::StepFinished CaseRun::run_pickle_step(std::uint32_t index, Scenario& scenario) {
  const PlannedStep& step = planned_.steps[index];
  // what a body asked to skip is skipped, defined or not; after a failure an undefined step is told
  if (skipped_) return finished(index, Status::skipped);
  if (step.matches.empty()) return finished(index, Status::undefined);
  // the candidates stand in the test case
  if (step.matches.size() > 1) return finished(index, Status::ambiguous);
  if (skipping_) return finished(index, Status::skipped);
  if (!refusal_.empty()) return finished(index, Status::failed, refusal_);

  const auto& definition = context_.library.steps[step.matches[0].definition];
  const auto& info = planned_.info.steps[step.pickle_step];
  detail::Call call;
  call.scenario = &scenario;
  call.table = step.table ? &*step.table : nullptr;
  call.doc_string = info.doc_string ? &*info.doc_string : nullptr;
  for (const auto& argument : step.matches[0].match.arguments) {
    // a type of the user's own sees its captures, a built-in one the plain text
    const bool custom =
        std::any_of(definition.custom.begin(), definition.custom.end(), [&](const auto& type) {
          return std::find(type.names.begin(), type.names.end(), argument.parameter_type) !=
                 type.names.end();
        });
    call.arguments.push_back(custom ? argument.captures
                                    : Captures{expressions::plain_text(argument)});
  }

  const auto timeout = timeout_of(index);
  const auto deadline = Clock::now() + timeout;
  host_.set_deadline(deadline);
  auto result = run_step_hooks(detail::HookKind::before_step, index, scenario, deadline);
  if (result.kind == Kind::passed) {
    result = run_watched(index, definition.body, definition.invoke, call, timeout);
  }
  auto after =
      run_step_hooks(detail::HookKind::after_step, index, scenario, Clock::now() + kHookTimeout);
  if (result.kind == Kind::passed && after.kind != Kind::passed) result = std::move(after);
  return judge(index, std::move(result), timeout);
}

steps::BodyResult CaseRun::run_step_hooks(detail::HookKind kind, std::uint32_t, Scenario& scenario,
                                          Clock::time_point deadline) {
  steps::BodyResult result;
  for (const std::size_t hook : context_.library.hooks_for(kind, planned_.info.scenario.tags)) {
    const auto& definition = context_.library.hooks[hook].definition;
    detail::Call call;
    call.scenario = &scenario;
    result =
        steps::run_body(definition.body, definition.invoke, call, deadline, context_.assertions);
    if (result.kind != Kind::passed) break;
  }
  return result;
}

steps::BodyResult CaseRun::run_watched(std::uint32_t index, void (*body)(), detail::Invoke invoke,
                                       const detail::Call& call, milliseconds timeout) {
  // what cleans up has its own time, whatever the scenario used up
  const bool cleans_up = planned_.steps[index].hook && skipping_;
  const auto own = Clock::now() + timeout;
  const auto deadline = cleans_up ? own : std::min(own, scenario_deadline_);
  host_.set_deadline(deadline);
  context_.watch.step_began(deadline + kTakeOverAfter, [this, index, timeout] {
    context_.narrator.take_over();
    asio::co_spawn(context_.service.executor(), finish_without_body(index, timeout),
                   asio::detached);
  });
  auto result = steps::run_body(body, invoke, call, deadline, context_.assertions);
  // overdue: the service thread tells the rest, and this frame, which it reads, must stay
  if (!context_.watch.step_ended()) Narrator::park();
  return result;
}

frame::StepFinished CaseRun::judge(std::uint32_t index, steps::BodyResult result,
                                   milliseconds timeout) {
  const std::size_t pickle_step = planned_.steps[index].pickle_step;
  if (result.code == "timed_out") result.message = timed_out(timeout);
  if (result.kind == Kind::failed && extension_) {
    const steps::StepFailure failure{pickle_step, result.message, result.code};
    host_.set_deadline(Clock::now() + kExplainTimeout);
    try {
      if (extension_->expects_failure(pickle_step)) {
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
  auto done = finished(index, status_of(result.kind), std::move(result.message));
  done.exception_type = std::move(result.exception_type);
  done.exception_message = std::move(result.exception_message);
  return done;
}

asio::awaitable<void> CaseRun::finish_without_body(std::uint32_t index, milliseconds timeout) {
  std::string message = timed_out(timeout) + "; the body still runs, its worker is replaced";
  if (extension_ && !planned_.steps[index].hook) {
    const steps::StepFailure failure{planned_.steps[index].pickle_step, message, "timed_out"};
    if (const auto explanation = co_await extension_->explain(failure)) {
      message = explanation->text + "\n" + message;
    }
  }
  context_.narrator.step_finished(finished(index, Status::failed, std::move(message)));
  for (std::uint32_t i = index + 1; i < planned_.steps.size(); ++i) {
    context_.narrator.step_started(i, milliseconds(0));
    context_.narrator.step_finished(finished(i, Status::skipped));
  }
  context_.narrator.send(frame::Stuck{});
  context_.narrator.case_finished();
}

}  // namespace muster::run
