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
  around_.started(run_id_);
}

void HookTelling::run_finished(bool success, const std::string& problem) {
  messages::TestRunFinished message;
  message.success = success;
  message.timestamp = messages::timestamp_from(system_clock().wall());
  message.test_run_started_id = run_id_;
  if (!problem.empty()) message.message = redact(problem);
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
  message.result.status = frame.status;
  message.result.duration = messages::duration_from_ns(frame.duration_ns);
  if (!frame.message.empty()) message.result.message = redact(frame.message);
  around_.emit(message);
  running_.reset();
  passed_ = passed_ && frame.status == Status::passed;
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
  if (!running_) return {};
  const auto& hook = library_.hooks[*running_].definition;
  return fmt::format("{}:{}", hook.file, hook.line);
}

}  // namespace muster::run
