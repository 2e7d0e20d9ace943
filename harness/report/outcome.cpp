#include "report/outcome.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

std::string silent_problem(const Story& story, const Attempt& attempt, const Outcome& outcome) {
  switch (outcome.status) {
    case Status::passed:
    case Status::skipped:
      return {};
    case Status::undefined:
      return "no step definition fits";
    case Status::pending:
      return "the step is pending";
    case Status::ambiguous:
      if (outcome.culprit != nullptr)
        if (const messages::TestStep* step =
                story.test_step(attempt, outcome.culprit->test_step_id))
          return candidates(story, *step);
      return "several definitions fit";
    case Status::unknown:
      return "did not come to its end";
    case Status::failed:
      break;
  }
  return "failed without a word";
}

}  // namespace

Outcome outcome_of(const Story& story, const Attempt& attempt) {
  Outcome made;
  made.status = attempt.status();
  made.word = attempt.word();
  made.flaky = made.status == Status::passed && attempt.number > 0;
  if (made.status != Status::passed) {
    for (const StepResult& result : attempt.results) {
      if (result.status != made.status) continue;
      made.culprit = &result;
      made.title = step_title(story, attempt, result);
      made.problem = result.problem;
      made.by_hook = attempt.planned != nullptr && attempt.planned->is_hook(result.test_step_id);
      break;
    }
  }
  if (trim(made.problem).empty()) made.problem = silent_problem(story, attempt, made);
  return made;
}

std::string Outcome::headline() const {
  const std::string words = one_line(problem);
  if (title.empty()) return words;
  return words.empty() ? one_line(title) : one_line(title + ": " + words);
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    const std::string_view words = trim(line);
    if (words.empty()) continue;
    if (!out.empty()) out += ' ';
    out += words;
    if (out.size() > limit) break;
  }
  return shorten(out, limit);
}

}  // namespace muster::report
