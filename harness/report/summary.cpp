#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

/// More places than this make no readable command line.
constexpr std::size_t kMaxPlaces = 10;

constexpr Status kOrder[] = {Status::failed,  Status::ambiguous, Status::undefined, Status::pending,
                             Status::unknown, Status::skipped,   Status::passed};

std::string place_of(const Story::Trouble& trouble) {
  return trouble.line > 0 ? fmt::format("{}:{}", trouble.uri, trouble.line) : trouble.uri;
}

}  // namespace

void Closing::take(const messages::Envelope& envelope) {
  const auto* suggestion = std::get_if<messages::Suggestion>(&envelope);
  if (suggestion == nullptr) return;
  for (const messages::Snippet& snippet : suggestion->snippets)
    if (std::find(snippets_.begin(), snippets_.end(), snippet.code) == snippets_.end())
      snippets_.push_back(snippet.code);
}

std::string Closing::troubles(bool flaky) const {
  std::string out;
  for (const Story::Trouble& trouble : story_.troubles()) {
    if (trouble.flaky != flaky) continue;
    const Paint colour = flaky ? Paint::yellow : paint_of(trouble.status);
    out += fmt::format("  {} {} {}\n",
                       paint_(colour, fmt::format("{} {}", flaky ? "↻" : mark_of(trouble.status),
                                                  printable(place_of(trouble)))),
                       printable(fmt::format("{}: {}", trouble.keyword, trouble.name)),
                       paint_(Paint::dim, fmt::format("# {}", trouble.word)));
    if (!trouble.attempts.empty()) out += block(trouble.attempts, 6, paint_, Paint::plain);
  }
  return out;
}

std::string Closing::again() const {
  std::vector<std::string> places;
  const auto add = [&](const std::string& place) {
    const std::string word = shell_word(place);
    if (places.size() <= kMaxPlaces &&
        std::find(places.begin(), places.end(), word) == places.end())
      places.push_back(word);
  };
  for (const Story::Trouble& trouble : story_.troubles())
    if (!trouble.flaky && !trouble.uri.empty()) add(place_of(trouble));
  for (const PlannedCase* planned : story_.not_run())
    if (places.size() <= kMaxPlaces && planned->pickle() != nullptr)
      add(place_of(story_, *planned->pickle()));
  if (places.empty()) return {};
  if (places.size() > kMaxPlaces) return command_ + " --last-failed";
  return command_ + " " + printable(join(places, " "));
}

std::string Closing::count_line(const Counts& counts, std::int64_t flaky, std::int64_t not_run,
                                const char* one) const {
  std::int64_t total = not_run;
  std::vector<std::string> parts;
  for (const Status status : kOrder) {
    std::int64_t count = counts[static_cast<std::size_t>(status)];
    total += count;
    if (status == Status::passed && flaky > 0) {
      parts.push_back(paint_(Paint::yellow, fmt::format("{} flaky", flaky)));
      count -= flaky;
    }
    if (count > 0)
      parts.push_back(paint_(paint_of(status), fmt::format("{} {}", count, word_of(status))));
  }
  if (not_run > 0) parts.push_back(paint_(Paint::red, fmt::format("{} not run", not_run)));
  std::string out = fmt::format("{} {}{}", total, one, total == 1 ? "" : "s");
  if (!parts.empty()) out += " (" + join(parts, ", ") + ")";
  return out + "\n";
}

std::string Closing::text(const messages::TestRunFinished& finished) const {
  std::string out;
  const auto section = [&](std::string_view heading, const std::string& body) {
    if (!body.empty()) out += paint_(Paint::bold, heading) + "\n" + without_commands(body) + "\n";
  };
  section("Scenarios that did not pass:", troubles(false));
  section("Flaky scenarios, passed only when tried again:", troubles(true));
  if (const std::string command = again(); !command.empty())
    section("Run again:", "  " + command + "\n");
  std::string code;
  for (const std::string& snippet : snippets_)
    code += (code.empty() ? "" : "\n") + block(snippet, 2, paint_, Paint::yellow);
  section("Undefined steps can be defined with:", code);
  section("The run as a whole:", block(problem_of_run(story_, finished), 2, paint_,
                                       finished.success ? Paint::plain : Paint::red));
  out += counts();
  out += duration_text(messages::to_ns(finished.timestamp) - story_.started_ns()) + "\n";
  return out;
}

std::string Closing::counts() const {
  return count_line(story_.scenarios(), story_.flaky(),
                    static_cast<std::int64_t>(story_.not_run().size()), "scenario") +
         count_line(story_.steps(), 0, 0, "step");
}

std::string problem_of_run(const Story& story, const messages::TestRunFinished& finished) {
  std::string problem = finished.message.value_or("");
  if (problem.empty() && finished.exception) problem = finished.exception->message.value_or("");
  const bool told = std::any_of(story.troubles().begin(), story.troubles().end(),
                                [](const Story::Trouble& trouble) { return !trouble.flaky; });
  if (problem.empty() && !finished.success && !told) problem = "the run failed";
  return problem;
}

std::string problem_of(const messages::ParseError& error) {
  const std::string place = place_of(error.source);
  return place.empty() ? error.message : place + ": " + error.message;
}

std::string problem_of(const messages::UndefinedParameterType& type) {
  return fmt::format("the parameter type '{}' of '{}' is not defined", type.name, type.expression);
}

}  // namespace muster::report
