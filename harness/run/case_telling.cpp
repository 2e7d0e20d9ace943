#include "run/case_telling.hpp"

#include <algorithm>
#include <utility>

namespace muster::run {
namespace {

/// Nanoseconds between two readings of the wall clock, which may have been set meanwhile.
std::int64_t between(WallTime begin, WallTime end) {
  return std::max<std::int64_t>(
      0, (end.seconds - begin.seconds) * 1'000'000'000 + end.nanos - begin.nanos);
}

}  // namespace

void CaseTelling::on(const Frame& frame) {
  std::visit([this](const auto& it) { take(it); }, frame);
}

void CaseTelling::take(const frame::CaseStarted& frame) {
  start(frame.attempt, std::to_string(frame.worker), frame.at);
}

void CaseTelling::take(const frame::StepStarted& frame) {
  messages::TestStepStarted message;
  message.test_case_started_id = started_id_;
  message.test_step_id = plan_.ids.text(planned_.steps.at(frame.step).id);
  message.timestamp = messages::timestamp_from(frame.at);
  emit_(message);
  next_ = frame.step;
  in_step_ = true;
  step_began_ = frame.at;
}

void CaseTelling::take(const frame::Attached& frame) {
  messages::Attachment message =
      attachment_message({frame.body, frame.media_type, frame.file_name, frame.text}, frame.at);
  message.test_case_started_id = started_id_;
  if (frame.step >= 0) {
    message.test_step_id =
        plan_.ids.text(planned_.steps.at(static_cast<std::size_t>(frame.step)).id);
  }
  emit_(message);
}

void CaseTelling::take(const frame::StepFinished& frame) {
  const auto& unmatched = planned_.steps.at(frame.step).unmatched;
  if (frame.status == Status::undefined && unmatched && unmatched->suggestion && attempts_ == 1) {
    emit_(*unmatched->suggestion);
  }
  messages::TestStepFinished finished;
  finished.test_case_started_id = started_id_;
  finished.test_step_id = plan_.ids.text(planned_.steps.at(frame.step).id);
  finished.timestamp = messages::timestamp_from(frame.at);
  const Thrown thrown{frame.exception_type, frame.exception_message};
  finished.test_step_result =
      result_message(frame.status, frame.duration_ns, frame.message, thrown,
                     thrown.type.empty() ? std::string() : place_of(frame.step));
  emit_(finished);
  next_ = frame.step + 1;
  in_step_ = false;
}

void CaseTelling::take(const frame::CaseFinished& frame) {
  finish(frame.at, frame.retried);
}

void CaseTelling::take(const frame::Abandoned& frame) {
  end_all(frame.at, Status::failed, frame.why, frame.retried,
          frame.timed_out ? kTimedOut : std::string_view());
}

void CaseTelling::take(const frame::NotRun& frame) {
  end_all(frame.at, frame.fails ? Status::failed : Status::skipped, frame.reason, false);
}

std::string CaseTelling::place_of(std::uint32_t step) const {
  const PlannedStep& planned = planned_.steps.at(step);
  const ScenarioInfo& scenario = planned_.info.scenario;
  const int line = planned.hook ? scenario.line : planned_.info.steps.at(planned.pickle_step).line;
  return scenario.uri + ":" + std::to_string(line);
}

void CaseTelling::start(std::uint32_t attempt, std::string worker_id, WallTime at) {
  messages::TestCaseStarted message;
  message.attempt = attempt;
  message.id = started_id_ = next_id_();
  message.test_case_id = plan_.ids.text(planned_.id);
  if (!worker_id.empty()) message.worker_id = std::move(worker_id);
  message.timestamp = messages::timestamp_from(at);
  emit_(message);
  attempts_ = attempt + 1;
  next_ = 0;
  in_step_ = false;
}

void CaseTelling::end_all(WallTime at, Status verdict, const std::string& why, bool retried,
                          std::string_view cause) {
  if (started_id_.empty()) start(attempts_, {}, at);
  Status status = verdict;
  std::string message = why;
  std::string type(cause);
  while (next_ < planned_.steps.size()) {
    frame::StepFinished finished;
    finished.step = next_;
    finished.at = at;
    finished.duration_ns = in_step_ ? between(step_began_, at) : 0;
    finished.status = std::exchange(status, Status::skipped);
    if (!type.empty()) finished.exception_message = message;
    finished.exception_type = std::exchange(type, {});
    finished.message = std::exchange(message, {});
    if (!in_step_) take(frame::StepStarted{next_, at, 0});
    take(finished);
  }
  finish(at, retried);
}

void CaseTelling::finish(WallTime at, bool retried) {
  messages::TestCaseFinished message;
  message.test_case_started_id = started_id_;
  message.timestamp = messages::timestamp_from(at);
  message.will_be_retried = retried;
  emit_(message);
  started_id_.clear();
}

}  // namespace muster::run
