#include "run/case_telling.hpp"

#include <algorithm>

namespace muster::run {

Status worse(Status a, Status b) {
  return std::max(a, b);
}

CaseTelling::CaseTelling(const PlannedCase& planned, std::string started_id, std::string worker_id,
                         Emit emit)
    : planned_(planned),
      started_id_(std::move(started_id)),
      worker_id_(std::move(worker_id)),
      emit_(std::move(emit)) {}

std::string CaseTelling::running_step() const {
  if (!in_step_ || next_ >= planned_.steps.size()) return {};
  const PlannedStep& step = planned_.steps[next_];
  return step.hook ? "hook" : planned_.info.steps[step.pickle_step].text;
}

void CaseTelling::on(const frame::CaseStarted& frame) {
  messages::TestCaseStarted message;
  message.attempt = attempt_ = frame.attempt;
  message.id = started_id_;
  message.test_case_id = planned_.id;
  if (!worker_id_.empty()) message.worker_id = worker_id_;
  message.timestamp = messages::timestamp_from(frame.at);
  emit_(message);
  started_ = true;
}

void CaseTelling::on(const frame::StepStarted& frame) {
  step_started(frame.step, frame.at);
}

void CaseTelling::on(const frame::Attached& frame) {
  attach({frame.body, frame.media_type, frame.file_name, frame.text}, frame.step, frame.at);
}

void CaseTelling::on(const frame::StepFinished& frame) {
  step_finished(frame.step, frame.at, frame.duration_ns, frame.status, frame.message,
                {frame.exception_type, frame.exception_message});
}

void CaseTelling::on(const frame::CaseFinished& frame) {
  finish(frame.at);
}

void CaseTelling::attach_output(std::string_view text) {
  if (text.empty() || !started_ || finished_) return;
  attach({text, "text/x.cucumber.log+plain", "output.txt", true}, -1, system_clock().wall());
}

void CaseTelling::abandon(const std::string& why) {
  if (finished_) return;
  end_all(Status::failed, why);
}

void CaseTelling::close(const Closed& verdict) {
  end_all(verdict.fails ? Status::failed : Status::skipped, verdict.reason);
}

void CaseTelling::end_all(Status verdict, const std::string& why) {
  const WallTime now = system_clock().wall();
  if (!started_) on(frame::CaseStarted{0, 0, now});
  bool told = false;
  while (next_ < planned_.steps.size()) {
    const std::uint32_t step = next_;
    const std::int64_t duration = in_step_ ? mono_ns() - step_began_ns_ : 0;
    if (!in_step_) step_started(step, now);
    const bool first = !std::exchange(told, true);
    step_finished(step, now, duration, first ? verdict : Status::skipped, first ? why : "", {});
  }
  status_ = worse(status_, verdict);
  finish(now);
}

void CaseTelling::step_started(std::uint32_t step, WallTime at) {
  messages::TestStepStarted message;
  message.test_case_started_id = started_id_;
  message.test_step_id = planned_.steps.at(step).id;
  message.timestamp = messages::timestamp_from(at);
  emit_(message);
  next_ = step;
  in_step_ = true;
  step_began_ns_ = mono_ns();
}

void CaseTelling::step_finished(std::uint32_t step, WallTime at, std::int64_t duration_ns,
                                Status status, const std::string& message, const Thrown& thrown) {
  const auto& suggestion = planned_.steps.at(step).suggestion;
  if (status == Status::undefined && suggestion && attempt_ == 0) emit_(*suggestion);
  messages::TestStepFinished finished;
  finished.test_case_started_id = started_id_;
  finished.test_step_id = planned_.steps.at(step).id;
  finished.timestamp = messages::timestamp_from(at);
  finished.test_step_result = result_message(status, duration_ns, message, thrown, place_of(step));
  emit_(finished);
  next_ = step + 1;
  in_step_ = false;
  status_ = worse(status_, status);
}

std::string CaseTelling::place_of(std::uint32_t step) const {
  const PlannedStep& planned = planned_.steps.at(step);
  const ScenarioInfo& scenario = planned_.info.scenario;
  const int line = planned.hook ? scenario.line : planned_.info.steps.at(planned.pickle_step).line;
  return scenario.uri + ":" + std::to_string(line);
}

void CaseTelling::attach(const Attachment& attachment, std::int64_t step, WallTime at) {
  messages::Attachment message = attachment_message(attachment, at);
  message.test_case_started_id = started_id_;
  if (step >= 0) message.test_step_id = planned_.steps.at(static_cast<std::size_t>(step)).id;
  emit_(message);
}

void CaseTelling::finish(WallTime at) {
  if (planned_.steps.empty() && status_ == Status::unknown) status_ = Status::passed;
  messages::TestCaseFinished message;
  message.test_case_started_id = started_id_;
  message.timestamp = messages::timestamp_from(at);
  message.will_be_retried = false;
  emit_(message);
  finished_ = true;
}

}  // namespace muster::run
