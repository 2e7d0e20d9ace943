#include "report/junit_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/summary.hpp"
#include "report/titles.hpp"
#include "report/xml.hpp"

namespace muster::report {
namespace {

using messages::Status;

constexpr const char* kRunName = "the run";

std::string seconds(std::int64_t nanoseconds) {
  return fmt::format("{:.3f}", static_cast<double>(nanoseconds) / 1e9);
}

std::string time_text(std::int64_t nanoseconds) {
  const messages::Timestamp time = messages::timestamp_from_ns(nanoseconds);
  return to_rfc3339({time.seconds, static_cast<std::int32_t>(time.nanos)});
}

/// A hook that fails, or a scenario without an end, is no failure of what was to be tested.
bool is_error(const Outcome& outcome) {
  return outcome.by_hook || outcome.status == Status::unknown;
}

std::string words_of(const Outcome& outcome) {
  return outcome.title.empty() ? outcome.problem : outcome.title + "\n" + outcome.problem;
}

std::string message_and_type(const Outcome& outcome) {
  return fmt::format(" message={} type={}", xml_attribute(outcome.headline()),
                     xml_attribute(outcome.word));
}

std::string tags_of(const messages::Pickle& pickle) {
  if (pickle.tags.empty()) return {};
  std::string out = "      <properties>\n";
  for (const messages::PickleTag& tag : pickle.tags)
    out += fmt::format("        <property name=\"tag\" value={}/>\n", xml_attribute(tag.name));
  return out + "      </properties>\n";
}

}  // namespace

JunitReporter::JunitReporter(const Story& story, LineWriter out)
    : CaseReporter(story, std::move(out)), text_(story, Painter(false)) {
  run_.name = kRunName;
}

JunitReporter::Suite& JunitReporter::suite_of(const messages::Pickle* pickle) {
  Suite& suite = suites_[pickle ? pickle->uri : std::string()];
  if (suite.name.empty()) {
    const Document* document = pickle ? story().document(*pickle) : nullptr;
    suite.file = pickle ? pickle->uri : std::string();
    suite.name = document && !document->name.empty() ? document->name : suite.file;
  }
  return suite;
}

std::string JunitReporter::case_head(Suite& suite, const messages::Pickle* pickle,
                                     std::int64_t duration_ns) {
  ++suite.tests;
  suite.duration_ns += duration_ns;
  std::string class_name = suite.name;
  if (pickle == nullptr)
    return fmt::format("    <testcase name=\"unknown scenario\" classname={} time=\"{}\">\n",
                       xml_attribute(class_name), seconds(duration_ns));
  const DocumentIndex::Scenario* scenario = story().scenario(*pickle);
  if (scenario && scenario->rule) class_name += " - " + scenario->rule->name;
  return fmt::format("    <testcase name={} classname={} file={} line=\"{}\" time=\"{}\">\n",
                     xml_attribute(unique_name(story(), *pickle)), xml_attribute(class_name),
                     xml_attribute(pickle->uri), story().line(*pickle), seconds(duration_ns)) +
         tags_of(*pickle);
}

void JunitReporter::ended(const Attempt& attempt) {
  Suite& suite = suite_of(attempt.pickle());
  if (suite.tests == 0) suite.started_ns = attempt.started_ns;
  std::int64_t duration = 0;
  for (const StepResult& result : attempt.results) duration += result.duration_ns;
  duration = std::max(duration, attempt.ended_ns - attempt.started_ns);
  suite.cases += case_head(suite, attempt.pickle(), duration);
  suite.cases += verdict(suite, attempt, outcome_of(story(), attempt));
  suite.cases += system_out(attempt, "      ") + "    </testcase>\n";
}

/// The first failure is the case's; those of further attempts are reruns. Failures before a pass
/// are flaky ones, and the case counts as passed.
std::string JunitReporter::verdict(Suite& suite, const Attempt& attempt,
                                   const Outcome& outcome) const {
  static const std::vector<Attempt> none;
  const std::vector<Attempt>& earlier = attempt.planned ? attempt.planned->earlier() : none;
  std::string out;
  if (outcome.status == Status::skipped) {
    ++suite.skipped;
    return fmt::format("      <skipped message={}/>\n", xml_attribute(one_line(outcome.problem)));
  }
  if (outcome.good()) {
    for (const Attempt& each : earlier) out += retry(each, "flaky");
    return out;
  }
  const Outcome first = earlier.empty() ? outcome : outcome_of(story(), earlier.front());
  ++(is_error(first) ? suite.errors : suite.failures);
  const char* element = is_error(first) ? "error" : "failure";
  out = fmt::format("      <{0}{1}>{2}</{0}>\n", element, message_and_type(first),
                    xml_text(words_of(first)));
  for (std::size_t i = 1; i < earlier.size(); ++i) out += retry(earlier[i], "rerun");
  return earlier.empty() ? out : out + retry(attempt, "rerun");
}

std::string JunitReporter::retry(const Attempt& attempt, std::string_view kind) const {
  const Outcome outcome = outcome_of(story(), attempt);
  const std::string element = fmt::format("{}{}", kind, is_error(outcome) ? "Error" : "Failure");
  return fmt::format("      <{0}{1}>\n        <stackTrace>{2}</stackTrace>\n{3}      </{0}>\n",
                     element, message_and_type(outcome), xml_text(words_of(outcome)),
                     system_out(attempt, "        "));
}

std::string JunitReporter::system_out(const Attempt& attempt, std::string_view margin) const {
  const std::string text = text_.body(attempt, text_.columns(attempt));
  if (text.empty()) return {};
  return fmt::format("{}<system-out>\n{}</system-out>\n", margin, xml_text(text));
}

void JunitReporter::not_run(const PlannedCase& planned) {
  Suite& suite = suite_of(planned.pickle());
  suite.cases += case_head(suite, planned.pickle(), 0);
  ++suite.errors;
  suite.cases += "      <error message=\"was not run\" type=\"not run\"/>\n    </testcase>\n";
}

void JunitReporter::problem(const RunProblem& problem) {
  ++run_.tests;
  ++run_.errors;
  run_.cases += fmt::format(
      "    <testcase name={} classname={} time=\"0.000\">\n"
      "      <error message={} type={}>{}</error>\n    </testcase>\n",
      xml_attribute(problem.name), xml_attribute(run_.name),
      xml_attribute(one_line(problem.problem)), xml_attribute(problem.type),
      xml_text(problem.problem));
}

void JunitReporter::feature_over(const Document& document) {
  const auto found = suites_.find(document.uri);
  if (found == suites_.end()) return;
  write_suite(found->second);
  suites_.erase(found);
}

void JunitReporter::write_suite(const Suite& suite) {
  if (!begun_)
    out().write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"muster\">\n");
  begun_ = true;
  const std::string file =
      suite.file.empty() ? std::string() : " file=" + xml_attribute(suite.file);
  const std::int64_t started = suite.started_ns != 0 ? suite.started_ns : story().started_ns();
  out().write(fmt::format(
      "  <testsuite name={}{} tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
      "time=\"{}\" timestamp=\"{}\">\n",
      xml_attribute(suite.name), file, suite.tests, suite.failures, suite.errors, suite.skipped,
      seconds(suite.duration_ns), time_text(started)));
  out().write(properties());
  out().write(suite.cases);
  out().write("  </testsuite>\n");
}

std::string JunitReporter::properties() const {
  if (!story().meta()) return {};
  const messages::Meta& meta = *story().meta();
  std::string rows;
  const auto property = [&](std::string_view name, const std::string& value) {
    if (!value.empty())
      rows += fmt::format("      <property name=\"{}\" value={}/>\n", name, xml_attribute(value));
  };
  const auto product = [&](std::string_view name, const messages::Product& told) {
    property(name, told.version ? told.name + " " + *told.version : told.name);
  };
  product("implementation", meta.implementation);
  product("runtime", meta.runtime);
  product("os", meta.os);
  product("cpu", meta.cpu);
  if (meta.ci) {
    property("ci", meta.ci->name);
    property("ci.url", meta.ci->url.value_or(""));
    property("ci.build", meta.ci->build_number.value_or(""));
    if (meta.ci->git) {
      property("git.revision", meta.ci->git->revision);
      property("git.branch", meta.ci->git->branch.value_or(""));
    }
  }
  return rows.empty() ? rows : "    <properties>\n" + rows + "    </properties>\n";
}

void JunitReporter::close() {
  for (const auto& [uri, suite] : suites_) write_suite(suite);
  if (run_.tests > 0 || !begun_) write_suite(run_);
  out().write("</testsuites>\n");
}

}  // namespace muster::report
