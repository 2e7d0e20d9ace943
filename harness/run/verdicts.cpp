#include "run/verdicts.hpp"

#include <utility>

namespace muster::run {
namespace {

using Kind = steps::BodyResult::Kind;

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

}  // namespace

frame::StepFinished finished(std::uint32_t step, Status status, std::string message) {
  frame::StepFinished made;
  made.step = step;
  made.status = status;
  made.message = std::move(message);
  return made;
}

frame::StepFinished finished(std::uint32_t step, steps::BodyResult result) {
  auto made = finished(step, status_of(result.kind), std::move(result.message));
  made.exception_type = std::move(result.exception_type);
  made.exception_message = std::move(result.exception_message);
  return made;
}

std::optional<frame::StepFinished> unmatched_verdict(std::uint32_t index, const PlannedStep& step) {
  if (step.hook || step.fitting == 1) return std::nullopt;
  if (step.unmatched && !step.unmatched->trouble.empty()) {
    return finished(index, Status::failed, step.unmatched->trouble);
  }
  return finished(index, step.fitting == 0 ? Status::undefined : Status::ambiguous);
}

}  // namespace muster::run
