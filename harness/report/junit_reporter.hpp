// JUnit XML, as Jenkins, GitLab, GitHub's and Azure's importers read it: the windyroad schema with
// the flaky and rerun elements of Maven Surefire (surefire-test-report-3.0.2.xsd).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "report/case_reporter.hpp"
#include "report/outcome.hpp"
#include "report/scenario_text.hpp"

namespace muster::report {

/// `junit`: one suite per feature, one case per scenario or row of an outline. A suite leaves when
/// its feature is over. Hooks that fail, scenarios that never ended and those that never started
/// are errors; failed, undefined, ambiguous and pending steps are failures of that type. What went
/// wrong with the run as a whole is a suite of its own.
class JunitReporter final : public CaseReporter {
 public:
  JunitReporter(const Story& story, LineWriter out);

 private:
  struct Suite {
    std::string name, file, cases;
    std::int64_t tests = 0, failures = 0, errors = 0, skipped = 0;
    std::int64_t started_ns = 0, duration_ns = 0;
  };

  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void feature_over(const Document& document) override;
  void close() override;

  Suite& suite_of(const messages::Pickle* pickle);
  std::string case_head(Suite& suite, const messages::Pickle* pickle, std::int64_t duration_ns);
  std::string verdict(Suite& suite, const Attempt& attempt, const Outcome& outcome) const;
  std::string retry(const Attempt& attempt, std::string_view kind) const;
  std::string system_out(const Attempt& attempt, std::string_view margin) const;
  void write_suite(const Suite& suite);
  std::string properties() const;

  ScenarioText text_;
  std::map<std::string, Suite> suites_;  // open ones by the uri of their feature
  Suite run_;
  bool begun_ = false;
};

}  // namespace muster::report
