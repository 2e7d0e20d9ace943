#include "report/pretty_reporter.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <variant>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace muster::report {

void PrettyReporter::on(const messages::Envelope& envelope) {
  closing_.take(envelope);
  std::visit(
      [this](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        if constexpr (std::is_same_v<Told, messages::TestCaseStarted>) on_started(told);
        if constexpr (std::is_same_v<Told, messages::TestStepFinished>) on_step(told);
        if constexpr (std::is_same_v<Told, messages::TestCaseFinished>) on_ended(told);
        if constexpr (std::is_same_v<Told, messages::TestRunFinished>) on_run_ended(told);
        if constexpr (std::is_same_v<Told, messages::TestRunHookFinished>) {
          out_.write(text_.run_hook(told));
        }
        if constexpr (std::is_same_v<Told, messages::ParseError> ||
                      std::is_same_v<Told, messages::UndefinedParameterType>)
          out_.write(block(problem_of(told), 0, text_.paint(), Paint::red) + "\n");
      },
      envelope);
}

PrettyReporter::Telling* PrettyReporter::telling(const std::string& started_id) {
  for (Telling& each : tellings_)
    if (each.started_id == started_id) return &each;
  return nullptr;
}

/// Tells what the first scenario has to say, and the whole of those behind it that have ended.
void PrettyReporter::release() {
  while (!tellings_.empty()) {
    Telling& first = tellings_.front();
    out_.write(first.text);
    first.text.clear();
    const bool ended = first.ended;
    if (!ended) return;
    tellings_.pop_front();
  }
}

void PrettyReporter::on_started(const messages::TestCaseStarted& started) {
  Telling made;
  made.started_id = started.id;
  const Attempt* attempt = story_.attempt(started.id);
  if (attempt != nullptr && attempt->pickle() != nullptr) {
    made.columns = text_.columns(*attempt);
    made.text = headings(*attempt->pickle()) + text_.heading(*attempt, made.columns);
  }
  tellings_.push_back(std::move(made));
  release();
}

std::string PrettyReporter::headings(const messages::Pickle& pickle) {
  std::string out;
  const Document* document = story_.document(pickle);
  const DocumentIndex::Scenario* scenario = story_.scenario(pickle);
  if (document == nullptr || scenario == nullptr) return out;
  const Painter& paint = text_.paint();
  if (document != document_) {
    document_ = document;
    rule_ = nullptr;
    if (!document->tags.empty()) out += block(join(document->tags, " "), 0, paint, Paint::cyan);
    const std::string title = printable(fmt::format("{}: {}", document->keyword, document->name));
    const std::string place = fmt::format("{}:{}", document->uri, document->line);
    out += text_.with_place(paint(Paint::bold, title), display_width(title), 0, place);
    out += block(document->description, 0, paint, Paint::plain) + "\n";
  }
  if (scenario->rule != nullptr && scenario->rule != rule_) {
    if (!scenario->rule->tags.empty())
      out += block(join(scenario->rule->tags, " "), 2, paint, Paint::cyan);
    out += block(fmt::format("{}: {}", scenario->rule->keyword, scenario->rule->name), 2, paint,
                 Paint::bold) +
           "\n";
  }
  rule_ = scenario->rule;
  return out;
}

void PrettyReporter::on_step(const messages::TestStepFinished& finished) {
  Telling* told = telling(finished.test_case_started_id);
  const Attempt* attempt = story_.attempt(finished.test_case_started_id);
  if (told == nullptr || attempt == nullptr) return;
  told->text += text_.step(*attempt, attempt->results.back(), told->columns);
  release();
}

void PrettyReporter::on_ended(const messages::TestCaseFinished& finished) {
  Telling* told = telling(finished.test_case_started_id);
  if (told == nullptr) return;
  if (const Attempt* attempt = story_.attempt(finished.test_case_started_id))
    told->text += text_.loose(*attempt, told->columns);
  told->text += "\n";
  told->ended = true;
  release();
}

void PrettyReporter::on_run_ended(const messages::TestRunFinished& finished) {
  for (Telling& each : tellings_) {
    if (const Attempt* attempt = story_.attempt(each.started_id))
      each.text += text_.loose(*attempt, each.columns);
    each.text +=
        block("did not come to its end", each.columns.margin + 2, text_.paint(), Paint::red) + "\n";
    each.ended = true;
  }
  release();
  out_.write(closing_.text(finished));
}

}  // namespace muster::report
