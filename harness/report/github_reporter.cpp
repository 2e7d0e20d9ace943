#include "report/github_reporter.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

constexpr std::size_t kMostAnnotations = 10;
constexpr std::size_t kMostWords = 4000;

std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : printable(valid_utf8(text), true)) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\n') {
      out += "%0A";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string github_data(std::string_view text) {
  return escaped(text, false);
}

std::string github_property(std::string_view text) {
  return escaped(text, true);
}

GithubReporter::GithubReporter(const Story& story, LineWriter out, std::string command,
                               std::optional<StepSummary> step_summary)
    : CaseReporter(story, std::move(out)),
      text_(story, Painter(false)),
      closing_(story, Painter(false), std::move(command)),
      step_summary_(std::move(step_summary)) {}

void GithubReporter::took(const messages::Envelope& envelope) {
  closing_.take(envelope);
  if (const auto* finished = std::get_if<messages::TestRunFinished>(&envelope)) {
    closing_text_ = closing_.text(*finished);
    if (step_summary_) step_summary_->counts(closing_.counts());
  }
}

void GithubReporter::annotate(Kind kind, Annotation annotation) {
  Annotations& annotations = annotations_[static_cast<std::size_t>(kind)];
  ++annotations.count;
  if (annotations.shown.size() < kMostAnnotations)
    annotations.shown.push_back(std::move(annotation));
}

/// Where the step stands that went wrong, else the scenario.
int GithubReporter::line_of(const Attempt& attempt, const Outcome& outcome) const {
  const messages::Pickle* pickle = attempt.pickle();
  if (outcome.culprit != nullptr && !outcome.by_hook)
    if (const messages::TestStep* step = story().test_step(attempt, outcome.culprit->test_step_id))
      if (const messages::PickleStep* pickle_step = story().pickle_step(attempt, *step))
        if (const DocumentIndex::Step* node = story().node(*pickle, *pickle_step))
          return node->line;
  return story().line(*pickle);
}

/// A part of the log that folds. Its text has been kept from being read as commands.
void GithubReporter::group(const std::string& title, const std::string& text) {
  out().write("::group::" + github_data(title) + "\n" + text + "::endgroup::\n");
}

void GithubReporter::ended(const Attempt& attempt) {
  const Outcome outcome = outcome_of(story(), attempt);
  const messages::Pickle* pickle = attempt.pickle();
  const std::string name = pickle ? unique_name(story(), *pickle) : "unknown scenario";
  Annotation made;
  made.title = name;
  if (pickle != nullptr) {
    made.file = pickle->uri;
    made.line = line_of(attempt, outcome);
  }
  if (!outcome.good()) {
    made.message = outcome.title.empty() ? outcome.problem : outcome.title + "\n" + outcome.problem;
    const std::string text = text_.whole(attempt);
    group(fmt::format("{}: {}", outcome.word, name), text);
    if (step_summary_)
      step_summary_->failure(outcome.word, pickle ? place_of(story(), *pickle) : std::string(),
                             name, text);
    annotate(Kind::error, std::move(made));
  } else if (outcome.flaky) {
    const std::vector<Attempt>& earlier = attempt.planned->earlier();
    made.message = fmt::format("passed at attempt {} only", attempt.number + 1);
    for (const Attempt& each : earlier)
      made.message +=
          fmt::format("\nattempt {}: {}", each.number + 1, outcome_of(story(), each).headline());
    if (step_summary_)
      step_summary_->failure("flaky", pickle ? place_of(story(), *pickle) : std::string(), name,
                             made.message + "\n");
    annotate(Kind::warning, std::move(made));
  } else if (!outcome.problem.empty()) {
    made.message = "skipped: " + outcome.problem;
    annotate(Kind::notice, std::move(made));
  }
}

void GithubReporter::not_run(const PlannedCase& planned) {
  const messages::Pickle* pickle = planned.pickle();
  if (pickle == nullptr) return;
  annotate(Kind::error,
           {pickle->uri, unique_name(story(), *pickle), "was not run", story().line(*pickle)});
  if (step_summary_)
    step_summary_->failure("not run", place_of(story(), *pickle), unique_name(story(), *pickle),
                           {});
}

void GithubReporter::problem(const RunProblem& problem) {
  group(problem.type + ": " + problem.name,
        block(problem.problem, 2, Painter(false), Paint::plain));
  if (step_summary_)
    step_summary_->failure(problem.type, {}, problem.name, printable(problem.problem, true) + "\n");
  annotate(Kind::error, {"", problem.name, problem.problem, 0});
}

void GithubReporter::close() {
  out().write(closing_text_);
  static constexpr std::string_view kNames[] = {"error", "warning", "notice"};
  for (std::size_t kind = 0; kind < 3; ++kind) {
    const Annotations& annotations = annotations_[kind];
    for (std::size_t i = 0; i < annotations.shown.size(); ++i) {
      const Annotation& each = annotations.shown[i];
      if (i + 1 == kMostAnnotations && annotations.count > kMostAnnotations) {
        out().write(fmt::format("::{} title=muster::and {} more, see the log of the step\n",
                                kNames[kind], annotations.count - i));
        break;
      }
      std::string place;
      if (!each.file.empty())
        place = fmt::format("file={},line={},", github_property(each.file), each.line);
      out().write(fmt::format("::{} {}title={}::{}\n", kNames[kind], place,
                              github_property(one_line(each.title, 200)),
                              github_data(shorten(each.message, kMostWords))));
    }
  }
  if (step_summary_)
    if (Result<void> written = step_summary_->finish(); !written) fail(written.error());
}

}  // namespace muster::report
