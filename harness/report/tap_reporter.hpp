#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "report/case_reporter.hpp"
#include "report/outcome.hpp"

namespace muster::report {

/// `tap`: Test Anything Protocol 14 (testanything.org), a test point per scenario, with a YAML
/// block where there is something to tell. Pending scenarios are plainly `not ok`: a point that TAP
/// holds for unfinished never fails. The plan stands at the end, so that a stream that was cut off
/// has none.
class TapReporter final : public CaseReporter {
 public:
  TapReporter(const Story& story, LineWriter out);

 private:
  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void close() override;
  void point(bool ok, const std::string& name, const std::string& directive,
             const std::string& yaml);
  std::string name_of(const messages::Pickle* pickle) const;

  std::int64_t points_ = 0;
};

}  // namespace muster::report
