#include "report/attempts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "report/colour.hpp"
#include "report/outcome.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

/// Beside more, those in the middle are left out.
constexpr std::size_t kShown = 4;
constexpr std::size_t kTitleWidth = 60;

std::vector<const Attempt*> shown_attempts(const Attempt& last) {
  std::vector<const Attempt*> all;
  for (const Attempt& each : last.planned->earlier()) all.push_back(&each);
  all.push_back(&last);
  if (all.size() > kShown) all.erase(all.begin() + kShown - 1, all.end() - 1);
  return all;
}

std::string word_at(const Attempt& attempt, std::size_t step) {
  return step < attempt.results.size() ? std::string(word_of(attempt.results[step].status)) : "";
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t has = display_width(text);
  return text + std::string(has < width ? width - has : 0, ' ');
}

std::string title_at(const Story& story, const Attempt& attempt, std::size_t step) {
  std::string title = printable(one_line(step_title(story, attempt, attempt.results[step])));
  while (display_width(title) > kTitleWidth)
    title = title.substr(0, code_point_offset(title, code_points(title) - 2)) + "…";
  return title;
}

}  // namespace

std::string side_by_side(const Story& story, const Attempt& last) {
  if (last.planned == nullptr || last.planned->earlier().empty()) return {};
  const std::vector<const Attempt*> attempts = shown_attempts(last);
  const Attempt* longest = *std::max_element(
      attempts.begin(), attempts.end(),
      [](const Attempt* a, const Attempt* b) { return a->results.size() < b->results.size(); });
  std::vector<std::string> titles;
  std::size_t width = 0;
  for (std::size_t i = 0; i < longest->results.size(); ++i) {
    titles.push_back(title_at(story, *longest, i));
    width = std::max(width, display_width(titles.back()));
  }
  std::string head = padded("", width + 2);
  for (const Attempt* each : attempts)
    head += padded(fmt::format("  attempt {}", each->number + 1), 13);
  std::string text = head + "\n";
  bool parted = false;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const bool parts = !parted && word_at(*attempts.front(), i) != word_at(*attempts.back(), i);
    parted = parted || parts;
    std::string line = (parts ? "≠ " : "  ") + padded(titles[i], width);
    for (const Attempt* each : attempts) line += padded("  " + word_at(*each, i), 13);
    text += line + (parts ? "← they part here" : "") + "\n";
  }
  for (const Attempt* each : attempts) {
    const Outcome outcome = outcome_of(story, *each);
    if (!outcome.good())
      text += fmt::format("  attempt {} said: {}\n", each->number + 1,
                          printable(one_line(outcome.problem, 200)));
  }
  std::string trimmed;
  for (const std::string& line : split(text, '\n')) {
    const std::size_t end = line.find_last_not_of(' ');
    if (end != line.npos) trimmed += line.substr(0, end + 1) + "\n";
  }
  return trimmed;
}

}  // namespace muster::report
