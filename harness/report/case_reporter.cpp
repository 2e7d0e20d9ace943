#include "report/case_reporter.hpp"

#include <type_traits>
#include <variant>

#include "report/colour.hpp"
#include "report/summary.hpp"
#include "report/titles.hpp"

namespace muster::report {

using messages::Status;

void CaseReporter::on(const messages::Envelope& envelope) {
  took(envelope);
  std::visit(
      [this](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        if constexpr (std::is_same_v<Told, messages::TestCaseFinished>) {
          const Attempt* attempt = story_.attempt(told.test_case_started_id);
          if (attempt != nullptr && !told.will_be_retried) tell(*attempt);
        }
        if constexpr (std::is_same_v<Told, messages::TestRunHookFinished>) on_run_hook(told);
        if constexpr (std::is_same_v<Told, messages::TestRunFinished>) on_run_ended(told);
        if constexpr (std::is_same_v<Told, messages::ParseError>) {
          problems_ = true;
          const std::string place = place_of(told.source);
          problem({place.empty() ? "parse error" : place, "parse error", told.message});
        }
        if constexpr (std::is_same_v<Told, messages::UndefinedParameterType>) {
          problems_ = true;
          problem({told.expression, "undefined parameter type", problem_of(told)});
        }
      },
      envelope);
}

void CaseReporter::tell(const Attempt& attempt) {
  ended(attempt);
  const Document* document = attempt.planned ? attempt.planned->document() : nullptr;
  if (document != nullptr && document->left == 0) feature_over(*document);
}

void CaseReporter::on_run_hook(const messages::TestRunHookFinished& finished) {
  const Status status = finished.result.status;
  if (status == Status::passed || status == Status::skipped) return;
  std::string words = problem_of(finished.result);
  if (words.empty()) words = word_of(status);
  problems_ = true;
  problem(
      {hook_title(story_.run_hook(finished.test_run_hook_started_id)), "hook", std::move(words)});
}

void CaseReporter::on_run_ended(const messages::TestRunFinished& finished) {
  for (const Attempt* attempt : story_.cut_off()) tell(*attempt);
  for (const PlannedCase* planned : story_.not_run()) not_run(*planned);
  if (!finished.success && !problems_)
    if (std::string words = problem_of_run(story_, finished); !words.empty())
      problem({"the run", "run", std::move(words)});
  ended_ = true;
}

Result<void> CaseReporter::finish() {
  if (!ended_) problem({"the run", "run", "the run did not come to its end"});
  close();
  Result<void> finished = out_.finish();
  return finished ? failure_ : finished;
}

}  // namespace muster::report
