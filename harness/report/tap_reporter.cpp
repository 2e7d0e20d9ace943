#include "report/tap_reporter.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "messages/escape.hpp"
#include "report/colour.hpp"
#include "report/layout.hpp"
#include "report/scenario_text.hpp"
#include "report/titles.hpp"
#include "report/xml.hpp"

namespace muster::report {
namespace {

/// A description or a reason: one line, `\` and `#` escaped.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(one_line(text))) {
    if (c == '\\' || c == '#') out += '\\';
    out += c;
  }
  return out;
}

/// Text that YAML allows, which is what XML does, and that no CI system obeys.
std::string neutral(std::string_view text) {
  return xml_legal(without_commands(printable(text)));
}

/// `key: value` of a YAML block: short texts as JSON, which is YAML; several lines as they are.
std::string entry(std::string_view key, std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string value;
  if (text.find('\n') == text.npos) {
    messages::append_json_string(value, neutral(text));
    return fmt::format("  {}: {}\n", key, value);
  }
  value = "|2\n";  // two blanks more than the key, whatever the text begins with
  for (const std::string& line : split(text, '\n')) {
    const std::string shown = neutral(line);
    value += shown.empty() ? "\n" : "    " + shown + "\n";
  }
  return fmt::format("  {}: {}", key, value);
}

}  // namespace

TapReporter::TapReporter(const Story& story, LineWriter out) : CaseReporter(story, std::move(out)) {
  this->out().write("TAP version 14\n");
}

std::string TapReporter::name_of(const messages::Pickle* pickle) const {
  if (pickle == nullptr) return "unknown scenario";
  const Document* document = story().document(*pickle);
  const DocumentIndex::Scenario* scenario = story().scenario(*pickle);
  std::string name = document && !document->name.empty() ? document->name : pickle->uri;
  if (scenario && scenario->rule) name += " - " + scenario->rule->name;
  return name + " - " + unique_name(story(), *pickle);
}

void TapReporter::point(bool ok, const std::string& name, const std::string& directive,
                        const std::string& yaml) {
  std::string line = fmt::format("{} {} - {}", ok ? "ok" : "not ok", ++points_, escaped(name));
  if (!directive.empty()) line += " # " + directive;
  if (!yaml.empty()) line += "\n  ---\n" + yaml + "  ...";
  out().write(line + "\n");
}

void TapReporter::ended(const Attempt& attempt) {
  const Outcome outcome = outcome_of(story(), attempt);
  const std::string name = name_of(attempt.pickle());
  if (outcome.status == messages::Status::skipped) {
    const std::string reason = escaped(outcome.problem);
    return point(true, name, reason.empty() ? "SKIP" : "SKIP " + reason, {});
  }
  std::string yaml;
  if (!outcome.good()) {
    yaml += entry("severity", "fail") + entry("status", outcome.word);
    if (attempt.pickle()) yaml += entry("at", place_of(story(), *attempt.pickle()));
    if (!outcome.title.empty()) yaml += entry("step", outcome.title);
    yaml += entry("message", outcome.problem);
  } else if (outcome.flaky) {
    yaml += entry("status", "flaky");
  }
  if (attempt.planned)
    for (const Attempt& earlier : attempt.planned->earlier())
      yaml += entry(fmt::format("attempt_{}", earlier.number + 1),
                    outcome_of(story(), earlier).headline());
  if (!outcome.good()) {
    const ScenarioText text(story(), Painter(false));
    yaml += entry("steps", text.body(attempt, {0, 0}) + "\n");
  }
  point(outcome.good(), name, {}, yaml);
}

void TapReporter::not_run(const PlannedCase& planned) {
  std::string yaml = entry("severity", "fail") + entry("status", "not run");
  if (planned.pickle()) yaml += entry("at", place_of(story(), *planned.pickle()));
  point(false, name_of(planned.pickle()), {}, yaml);
}

void TapReporter::problem(const RunProblem& problem) {
  point(false, problem.name, {},
        entry("severity", "fail") + entry("status", problem.type) +
            entry("message", problem.problem));
}

void TapReporter::close() {
  if (points_ == 0) problem({"the run", "run", "nothing was run"});  // an empty plan would pass
  out().write(fmt::format("1..{}\n", points_));
}

}  // namespace muster::report
