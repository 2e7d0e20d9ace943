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

std::optional<Status> unmatched_verdict(const PlannedStep& step) {
  if (step.hook || step.matches.size() == 1) return std::nullopt;
  return step.matches.empty() ? Status::undefined : Status::ambiguous;
}

}  // namespace muster::run
