#pragma once

#include <cstdint>
#include <utility>

#include "report/case_reporter.hpp"
#include "report/timed_attempt.hpp"

namespace muster::report {

/// `trace`: the trace event format of Chrome, which Perfetto and chrome://tracing open: a process
/// for each attempt of a scenario, a thread for its steps, its gap and each lane of its timeline,
/// arrows from who calls to who is called. Times are microseconds since the run began.
/// Source: "Trace Event Format", https://perfetto.dev/docs/getting-started/other-formats.
class TraceReporter final : public CaseReporter {
 public:
  TraceReporter(const Story& story, LineWriter out);

 private:
  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void close() override;

  void tell(const TimedAttempt& attempt);
  void tell_timeline(const TimedAttempt& attempt);
  void tell_call(const TimedAttempt& attempt, const messages::Timeline::Item& item);
  /// An event of the phase with the process that is told; more members are added to it.
  Json event(const char* phase, std::int64_t thread, std::int64_t at_ns) const;
  void name(std::int64_t thread, const std::string& name);
  void add(const Json& event);

  bool first_ = true;
  std::int64_t process_ = 0, calls_ = 0;
};

}  // namespace muster::report
