// JUnit XML, as Jenkins, GitLab, GitHub's and Azure's importers read it: the windyroad schema with
// the flaky and rerun elements of Maven Surefire (surefire-test-report-3.0.2.xsd).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "report/line_writer.hpp"
#include "report/outcome.hpp"
#include "report/reporter.hpp"
#include "report/scenario_text.hpp"

namespace muster::report {

/// `junit`: one suite per feature, one case per scenario or row of an outline. A suite leaves when
/// its feature is over. Hooks that fail, scenarios that never ended and those that never started
/// are errors; failed, undefined, ambiguous and pending steps are failures of that type. What went
/// wrong with the run as a whole is a suite of its own.
class JunitReporter final : public Reporter {
 public:
  JunitReporter(const Story& story, LineWriter out);

  void on(const messages::Envelope& envelope) override;
  Result<void> finish() override;

 private:
  struct Suite {
    std::string name, file, cases;
    std::int64_t tests = 0, failures = 0, errors = 0, skipped = 0;
    std::int64_t started_ns = 0, duration_ns = 0;
    std::unordered_set<std::string> names;  // of cases, which have to be unique
  };

  void on_ended(const messages::TestCaseFinished& finished);
  void on_run_hook(const messages::TestRunHookFinished& finished);
  void on_run_ended(const messages::TestRunFinished& finished);

  Suite& suite_of(const messages::Pickle* pickle);
  void add(const Attempt& attempt);
  void add_not_run(const PlannedCase& planned);
  void add_to_run(const std::string& name, const std::string& type, const std::string& problem);
  std::string case_head(Suite& suite, const messages::Pickle* pickle, std::int64_t duration_ns);
  std::string case_tags(const messages::Pickle* pickle) const;
  std::string verdict(Suite& suite, const Attempt& attempt, const Outcome& outcome) const;
  std::string retry(const Attempt& attempt, std::string_view kind) const;
  std::string system_out(const Attempt& attempt, std::string_view margin) const;
  void close(const std::string& uri);
  void write_suite(const Suite& suite);
  std::string properties() const;

  const Story& story_;
  LineWriter out_;
  ScenarioText text_;
  std::unordered_map<std::string, Suite> suites_;  // open ones by the uri of their feature
  Suite run_;
  bool begun_ = false, ended_ = false;
};

}  // namespace muster::report
