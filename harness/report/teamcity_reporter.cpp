#include "report/teamcity_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

/// The code point that well-formed UTF-8 begins with, and how many bytes it takes.
std::pair<char32_t, std::size_t> first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at]));
  };
  const std::size_t size = code_point_offset(text, 1);
  if (size == 2) return {((byte(0) & 0x1F) << 6) | (byte(1) & 0x3F), 2};
  if (size == 3) return {((byte(0) & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F), 3};
  if (size == 4)
    return {((byte(0) & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) |
                (byte(3) & 0x3F),
            4};
  return {byte(0), 1};
}

void append_code_point(std::string& out, char32_t c) {
  if (c >= 0x10000) {
    const char32_t rest = c - 0x10000;
    out += fmt::format("|0x{:04X}|0x{:04X}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
  } else {
    out += fmt::format("|0x{:04X}", static_cast<unsigned>(c));
  }
}

std::string suite_name(const Story& story, const messages::Pickle& pickle) {
  const Document* document = story.document(pickle);
  return document && !document->name.empty() ? document->name : pickle.uri;
}

}  // namespace

std::string teamcity_escaped(std::string_view text) {
  const std::string neutral = printable(valid_utf8(text), true);
  std::string_view left = neutral;
  std::string out;
  while (!left.empty()) {
    const char c = left.front();
    if (static_cast<unsigned char>(c) >= 0x80) {
      const auto [code_point, size] = first_code_point(left);
      append_code_point(out, code_point);
      left.remove_prefix(size);
      continue;
    }
    if (c == '\n') {
      out += "|n";
    } else if (c == '\r') {
      out += "|r";
    } else {
      if (c == '|' || c == '\'' || c == '[' || c == ']') out += '|';
      out += c;
    }
    left.remove_prefix(1);
  }
  return out;
}

void TeamcityReporter::say(std::string_view name, const Attributes& attributes,
                           std::int64_t at_ns) {
  std::string line = fmt::format("##teamcity[{}", name);
  for (const auto& [key, value] : attributes)
    line += fmt::format(" {}='{}'", key, teamcity_escaped(value));
  if (at_ns > 0) {
    const messages::Timestamp time = messages::timestamp_from_ns(at_ns);
    std::string text = to_rfc3339({time.seconds, static_cast<std::int32_t>(time.nanos)});
    text.pop_back();  // Z, which TeamCity does not read
    line += fmt::format(" timestamp='{}+0000'", text);
  }
  out().write(line + "]\n");
}

void TeamcityReporter::leave(std::size_t depth, std::int64_t at_ns) {
  while (suites_.size() > depth) {
    say("testSuiteFinished", {{"name", suites_.back()}}, at_ns);
    suites_.pop_back();
  }
}

void TeamcityReporter::enter(const messages::Pickle* pickle, std::int64_t at_ns) {
  std::vector<std::string> wanted;
  if (pickle != nullptr) {
    wanted.push_back(suite_name(story(), *pickle));
    const DocumentIndex::Scenario* scenario = story().scenario(*pickle);
    if (scenario && scenario->rule) wanted.push_back(scenario->rule->name);
  }
  std::size_t same = 0;
  while (same < wanted.size() && same < suites_.size() && wanted[same] == suites_[same]) ++same;
  leave(same, at_ns);
  for (std::size_t i = same; i < wanted.size(); ++i) {
    say("testSuiteStarted", {{"name", wanted[i]}}, at_ns);
    suites_.push_back(wanted[i]);
  }
}

void TeamcityReporter::ended(const Attempt& attempt) {
  enter(attempt.pickle(), attempt.started_ns);
  const bool retried = attempt.planned != nullptr && !attempt.planned->earlier().empty();
  if (retried) {
    if (!retries_) say("testRetrySupport", {{"enabled", "true"}}, 0);
    retries_ = true;
    for (const Attempt& earlier : attempt.planned->earlier()) tell(earlier);
  }
  tell(attempt);
}

void TeamcityReporter::tell(const Attempt& attempt) {
  const Outcome outcome = outcome_of(story(), attempt);
  const messages::Pickle* pickle = attempt.pickle();
  const std::string name = pickle ? unique_name(story(), *pickle) : "unknown scenario";
  Attributes started = {{"name", name}};
  if (pickle) started.emplace_back("locationHint", "file://" + place_of(story(), *pickle));
  say("testStarted", started, attempt.started_ns);
  if (const std::string body = text_.body(attempt, {0, 0}); !body.empty())
    say("testStdOut", {{"name", name}, {"out", body}}, 0);
  if (outcome.status == Status::skipped) {
    say("testIgnored", {{"name", name}, {"message", one_line(outcome.problem)}}, 0);
  } else if (!outcome.good()) {
    const std::string message = outcome.word + ": " + std::string(outcome.headline());
    say("testFailed", {{"name", name}, {"message", message}, {"details", outcome.problem}}, 0);
  }
  const std::int64_t duration = attempt.cut_off ? 0 : attempt.ended_ns - attempt.started_ns;
  say("testFinished", {{"name", name}, {"duration", std::to_string(duration / 1'000'000)}},
      attempt.cut_off ? 0 : attempt.ended_ns);
}

void TeamcityReporter::not_run(const PlannedCase& planned) {
  const messages::Pickle* pickle = planned.pickle();
  enter(pickle, 0);
  const std::string name = pickle ? unique_name(story(), *pickle) : "unknown scenario";
  say("testStarted", {{"name", name}}, 0);
  say("testFailed", {{"name", name}, {"message", "was not run"}, {"details", ""}}, 0);
  say("testFinished", {{"name", name}}, 0);
}

void TeamcityReporter::problem(const RunProblem& problem) {
  std::string identity = problem.type;
  std::replace(identity.begin(), identity.end(), ' ', '_');
  say("buildProblem",
      {{"description", problem.name + ": " + one_line(problem.problem)}, {"identity", identity}},
      0);
}

void TeamcityReporter::close() {
  leave(0, 0);
}

}  // namespace muster::report
