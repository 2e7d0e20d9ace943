#include "app/run_journal.hpp"

#include <iostream>
#include <utility>

#include "app/environment.hpp"
#include "app/version.hpp"
#include "journal/location.hpp"

namespace muster::app {
namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;
constexpr int kInterrupted = 2;

}  // namespace

Result<journal::Journal> begin_journal(const std::string& project, const std::string& plan_digest) {
  auto runtime = journal::runtime_directory(environment_variable);
  if (!runtime) return runtime.error();
  journal::RunStart start;
  start.runtime_directory = std::move(runtime).value();
  start.project = project;
  start.version = kVersion;
  start.plan_digest = plan_digest;
  return journal::Journal::begin(std::move(start));
}

int conclude_run(RunReports& reports, journal::Journal& journal, bool passed, bool interrupted,
                 const std::string& words) {
  if (auto finished = reports.finish(); !finished) {
    std::cerr << render(finished.error());
    passed = false;
  }
  journal::RunEnd end;
  end.exit_code = interrupted ? kInterrupted : passed ? kSuccess : kFailure;
  end.verdict = interrupted ? "interrupted" : passed ? "passed" : "failed";
  end.scenarios = reports.scenarios();
  end.steps = reports.steps();
  if (auto closed = journal.finish(end); !closed) {
    std::cerr << render(closed.error());
    end.exit_code = kFailure;
  }
  if (!words.empty()) std::cerr << "muster: " << words << '\n';
  std::cerr << reports.tally().text() << end.verdict << ": " << journal.path() << '\n';
  return end.exit_code;
}

}  // namespace muster::app
