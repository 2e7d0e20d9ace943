#include "report/progress_reporter.hpp"

#include <type_traits>
#include <variant>

#include "report/layout.hpp"
#include "report/summary_reporter.hpp"

namespace muster::report {
namespace {

using messages::Status;

constexpr std::size_t kWidth = 80;

char letter_of(Status status) {
  switch (status) {
    case Status::passed:
      return '.';
    case Status::failed:
      return 'F';
    case Status::skipped:
      return '-';
    case Status::pending:
      return 'P';
    case Status::undefined:
      return 'U';
    case Status::ambiguous:
      return 'A';
    case Status::unknown:
      return '?';
  }
  return '?';
}

}  // namespace

void ProgressReporter::on(const messages::Envelope& envelope) {
  closing_.take(envelope);
  std::visit(
      [this](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        if constexpr (std::is_same_v<Told, messages::TestStepFinished>) on_step(told);
        if constexpr (std::is_same_v<Told, messages::TestCaseFinished>) {
          if (const Attempt* attempt = story_.attempt(told.test_case_started_id);
              attempt != nullptr && !told.will_be_retried)
            failures_ += failure_text(text_, *attempt);
        }
        if constexpr (std::is_same_v<Told, messages::TestRunHookFinished>) {
          if (told.result.status != Status::passed) failures_ += text_.run_hook(told);
        }
        if constexpr (std::is_same_v<Told, messages::ParseError> ||
                      std::is_same_v<Told, messages::UndefinedParameterType>)
          failures_ += block(problem_of(told), 0, text_.paint(), Paint::red) + "\n";
        if constexpr (std::is_same_v<Told, messages::TestRunFinished>) on_run_ended(told);
      },
      envelope);
}

void ProgressReporter::on_step(const messages::TestStepFinished& finished) {
  const Status status = finished.test_step_result.status;
  const Attempt* attempt = story_.attempt(finished.test_case_started_id);
  if (status == Status::passed && attempt != nullptr && attempt->planned != nullptr &&
      attempt->planned->is_hook(finished.test_step_id))
    return;
  out_.write(text_.paint()(paint_of(status), std::string(1, letter_of(status))));
  if (++column_ == kWidth) {
    out_.write("\n");
    column_ = 0;
  }
}

void ProgressReporter::on_run_ended(const messages::TestRunFinished& finished) {
  for (const Attempt* attempt : story_.cut_off()) failures_ += failure_text(text_, *attempt);
  if (column_ > 0) out_.write("\n");
  if (story_.planned() > 0) out_.write("\n");
  out_.write(failures_);
  out_.write(closing_.text(finished));
}

}  // namespace muster::report
