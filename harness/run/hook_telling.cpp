#include "run/hook_telling.hpp"

#include <fmt/format.h>

#include "base/redact.hpp"

namespace muster::run {

HookTelling::HookTelling(const Plan& plan, const steps::Library& library,
                         const Surroundings& around)
    : plan_(plan), library_(library), around_(around) {}

void HookTelling::run_started() {
  messages::TestRunStarted message;
  message.timestamp = messages::timestamp_from(system_clock().wall());
  message.id = run_id_ = around_.next_id();
  around_.emit(message);
}

void HookTelling::cases_begin() {
  around_.started(run_id_);
}

void HookTelling::run_finished(bool success, const std::string& problem, const Thrown& thrown) {
  messages::TestRunFinished message;
  message.success = success;
  message.timestamp = messages::timestamp_from(system_clock().wall());
  message.test_run_started_id = run_id_;
  if (!problem.empty()) message.message = redact(problem);
  if (!thrown.type.empty()) message.exception = exception_message(thrown, "the run itself");
  around_.emit(message);
}

void HookTelling::on(const frame::HookStarted& frame) {
  messages::TestRunHookStarted message;
  message.id = started_id_ = around_.next_id();
  message.test_run_started_id = run_id_;
  message.hook_id = plan_.hook_ids.at(frame.hook);
  message.timestamp = messages::timestamp_from(frame.at);
  around_.emit(message);
  running_ = frame.hook;
}

void HookTelling::on(const frame::HookFinished& frame) {
  messages::TestRunHookFinished message;
  message.test_run_hook_started_id = started_id_;
  message.timestamp = messages::timestamp_from(frame.at);
  message.result =
      result_message(frame.status, frame.duration_ns, frame.message,
                     {frame.exception_type, frame.exception_message}, place_of(frame.hook));
  around_.emit(message);
  running_.reset();
  passed_ = passed_ && frame.status == Status::passed;
}

void HookTelling::on(const frame::HookAttached& frame) {
  attached_ += frame.body;
  if (frame.more) return;
  auto message =
      attachment_message({attached_, frame.media_type, frame.file_name, frame.text}, frame.at);
  message.test_run_hook_started_id = started_id_;
  around_.emit(message);
  attached_.clear();
}

void HookTelling::abandon(const std::string& why) {
  if (!running_) return;
  frame::HookFinished finished;
  finished.hook = *running_;
  finished.at = system_clock().wall();
  finished.status = Status::failed;
  finished.message = why;
  on(finished);
}

std::string HookTelling::running() const {
  return running_ ? place_of(*running_) : std::string();
}

std::string HookTelling::place_of(std::uint32_t index) const {
  const auto& hook = library_.hooks.at(index).definition;
  return fmt::format("{}:{}", hook.file, hook.line);
}

Outcome broken_run(const Plan& plan, const steps::Library& library, const Surroundings& around,
                   const Error& why) {
  HookTelling telling(plan, library, around);
  telling.run_started();
  Outcome outcome;
  outcome.problem = why.message;
  telling.run_finished(false, outcome.problem, {"muster::Error(" + why.code + ")", why.message});
  return outcome;
}

}  // namespace muster::run
