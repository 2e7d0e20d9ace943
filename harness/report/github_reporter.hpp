#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/case_reporter.hpp"
#include "report/outcome.hpp"
#include "report/scenario_text.hpp"
#include "report/step_summary.hpp"
#include "report/summary.hpp"

namespace muster::report {

/// `github`: for the log of GitHub Actions. Scenarios that did not pass, each in a group of its
/// own, and the summary as text; at the end annotations at their places, errors for what did not
/// pass, warnings for flaky scenarios, notices for skipped ones with a reason. GitHub shows ten of
/// a kind per step, so the tenth says how many more there are. The same goes to
/// `$GITHUB_STEP_SUMMARY`.
class GithubReporter final : public CaseReporter {
 public:
  GithubReporter(const Story& story, LineWriter out, std::string command,
                 std::optional<StepSummary> step_summary);

 private:
  enum class Kind { error, warning, notice };
  struct Annotation {
    std::string file, title, message;
    int line = 0;
  };
  struct Annotations {
    std::vector<Annotation> shown;  // at most ten
    std::size_t count = 0;
  };

  void took(const messages::Envelope& envelope) override;
  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void close() override;

  void annotate(Kind kind, Annotation annotation);
  int line_of(const Attempt& attempt, const Outcome& outcome) const;
  void group(const std::string& title, const std::string& text);

  ScenarioText text_;
  Closing closing_;
  std::optional<StepSummary> step_summary_;
  Annotations annotations_[3];
  std::string closing_text_;
};

/// The text of a workflow command, and a value of one of its properties: `%`, line ends and, in
/// properties, `:` and `,` escaped.
std::string github_data(std::string_view text);
std::string github_property(std::string_view text);

}  // namespace muster::report
