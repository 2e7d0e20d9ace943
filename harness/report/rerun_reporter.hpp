#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/case_reporter.hpp"

namespace muster::report {

/// `rerun`: what did not pass or was not run, as `uri:line:line…`, a line per feature file in the
/// order of the run, ready to be selected again. Flaky and skipped scenarios are not in it; a run
/// in which all is well leaves an empty file.
class RerunReporter final : public CaseReporter {
 public:
  RerunReporter(const Story& story, LineWriter out) : CaseReporter(story, std::move(out)) {}

 private:
  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem&) override {}
  void close() override;
  void add(const messages::Pickle* pickle);

  std::vector<std::pair<std::string, std::string>> lines_;  // `:line…` by uri
};

}  // namespace muster::report
