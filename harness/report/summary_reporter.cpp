#include "report/summary_reporter.hpp"

#include <type_traits>
#include <variant>

#include "report/layout.hpp"

namespace muster::report {

std::string failure_text(const ScenarioText& text, const Attempt& attempt) {
  const messages::Status status = attempt.status();
  if (status == messages::Status::passed || status == messages::Status::skipped) return {};
  return text.whole(attempt) + "\n";
}

void SummaryReporter::on(const messages::Envelope& envelope) {
  closing_.take(envelope);
  std::visit(
      [this](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        if constexpr (std::is_same_v<Told, messages::TestCaseFinished>) on_ended(told);
        if constexpr (std::is_same_v<Told, messages::TestRunHookFinished>) {
          if (told.result.status != messages::Status::passed) out_.write(text_.run_hook(told));
        }
        if constexpr (std::is_same_v<Told, messages::ParseError> ||
                      std::is_same_v<Told, messages::UndefinedParameterType>)
          out_.write(block(problem_of(told), 0, text_.paint(), Paint::red) + "\n");
        if constexpr (std::is_same_v<Told, messages::TestRunFinished>) {
          for (const Attempt* attempt : story_.cut_off()) out_.write(failure_text(text_, *attempt));
          out_.write(closing_.text(told));
        }
      },
      envelope);
}

void SummaryReporter::on_ended(const messages::TestCaseFinished& finished) {
  const Attempt* attempt = story_.attempt(finished.test_case_started_id);
  if (attempt == nullptr) return;
  out_.write(failure_text(text_, *attempt));
}

}  // namespace muster::report
