#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/layout.hpp"

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

std::string troubles(const Story& story, bool flaky, const Painter& paint) {
  std::string out;
  for (const Story::Trouble& trouble : story.troubles()) {
    if (trouble.flaky != flaky) continue;
    const Paint colour = flaky ? Paint::yellow : paint_of(trouble.status);
    const std::string_view word = flaky ? "flaky" : word_of(trouble.status);
    out += fmt::format("  {} {} {}\n",
                       paint(colour, fmt::format("{} {}", flaky ? "↻" : mark_of(trouble.status),
                                                 printable(place_of(trouble)))),
                       printable(fmt::format("{}: {}", trouble.keyword, trouble.name)),
                       paint(Paint::dim, fmt::format("# {}", word)));
  }
  return out;
}

std::string again(const Story& story, const std::string& command) {
  std::vector<std::string> places;
  for (const Story::Trouble& trouble : story.troubles()) {
    if (trouble.flaky || trouble.uri.empty()) continue;
    const std::string place = shell_word(place_of(trouble));
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  if (places.empty()) return {};
  if (places.size() > kMaxPlaces) return command + " --last-failed";
  return command + " " + printable(join(places, " "));
}

std::string counts(const Counts& counts, std::int64_t flaky, std::int64_t not_run, const char* one,
                   const Painter& paint) {
  std::int64_t total = not_run;
  std::vector<std::string> parts;
  for (const Status status : kOrder) {
    std::int64_t count = counts[static_cast<std::size_t>(status)];
    total += count;
    if (status == Status::passed && flaky > 0) {
      parts.push_back(paint(Paint::yellow, fmt::format("{} flaky", flaky)));
      count -= flaky;
    }
    if (count > 0)
      parts.push_back(paint(paint_of(status), fmt::format("{} {}", count, word_of(status))));
  }
  if (not_run > 0) parts.push_back(paint(Paint::red, fmt::format("{} not run", not_run)));
  std::string out = fmt::format("{} {}{}", total, one, total == 1 ? "" : "s");
  if (!parts.empty()) out += " (" + join(parts, ", ") + ")";
  return out + "\n";
}

}  // namespace

std::string summary(const Story& story, const std::vector<std::string>& snippets,
                    const messages::TestRunFinished& finished, const std::string& command,
                    const Painter& paint) {
  std::string out;
  const auto section = [&](std::string_view heading, const std::string& body) {
    if (!body.empty()) out += paint(Paint::bold, heading) + "\n" + body + "\n";
  };
  section("Scenarios that did not pass:", troubles(story, false, paint));
  section("Flaky scenarios, passed only when tried again:", troubles(story, true, paint));
  if (const std::string command_again = again(story, command); !command_again.empty())
    section("Run again:", "  " + command_again + "\n");
  std::string code;
  for (const std::string& snippet : snippets)
    code += (code.empty() ? "" : "\n") + block(snippet, 2, paint, Paint::yellow);
  section("Undefined steps can be defined with:", code);

  std::string problem = finished.message.value_or("");
  if (problem.empty() && finished.exception) problem = finished.exception->message.value_or("");
  const bool told = std::any_of(story.troubles().begin(), story.troubles().end(),
                                [](const Story::Trouble& trouble) { return !trouble.flaky; });
  if (problem.empty() && !finished.success && !told) problem = "the run failed";
  section("The run as a whole:",
          block(problem, 2, paint, finished.success ? Paint::plain : Paint::red));

  out += counts(story.scenarios(), story.flaky(), story.not_run(), "scenario", paint);
  out += counts(story.steps(), 0, 0, "step", paint);
  out += duration_text(messages::to_ns(finished.timestamp) - story.started_ns()) + "\n";
  return out;
}

}  // namespace muster::report
