#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/case_reporter.hpp"
#include "report/outcome.hpp"
#include "report/scenario_text.hpp"

namespace muster::report {

/// `teamcity`: service messages, a suite per feature and rule, a test per scenario, told when it is
/// over. Retried scenarios are told attempt by attempt, with TeamCity's support for retries on.
class TeamcityReporter final : public CaseReporter {
 public:
  TeamcityReporter(const Story& story, LineWriter out)
      : CaseReporter(story, std::move(out)), text_(story, Painter(false)) {}

 private:
  using Attributes = std::vector<std::pair<std::string_view, std::string>>;

  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void close() override;

  void say(std::string_view name, const Attributes& attributes, std::int64_t at_ns);
  void enter(const messages::Pickle* pickle, std::int64_t at_ns);
  void leave(std::size_t depth, std::int64_t at_ns);
  void tell(const Attempt& attempt);

  ScenarioText text_;
  std::vector<std::string> suites_;  // that are open
  bool retries_ = false;
};

/// Text as the value of a service message stands between its quotes: `|`, `'`, `[`, `]` and line
/// ends escaped, control characters made visible, everything beyond ASCII as `|0xNNNN`.
std::string teamcity_escaped(std::string_view text);

}  // namespace muster::report
