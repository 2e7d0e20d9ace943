#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "report/case_reporter.hpp"
#include "report/timed_attempt.hpp"

namespace muster::report {

/// `otlp`: traces of OpenTelemetry as OTLP/JSON, one document that a collector takes as the body of
/// `POST /v1/traces`. A trace for each attempt of a scenario: it, its steps, programs, calls and
/// waits as spans, what happened at a moment as events. Ids follow from the run, so that the same
/// messages give the same document.
/// Source: opentelemetry-proto 1.3, trace/v1/trace.proto, and the JSON mapping of the OTLP
/// specification (ids as hex, times as strings).
class OtlpReporter final : public CaseReporter {
 public:
  OtlpReporter(const Story& story, LineWriter out) : CaseReporter(story, std::move(out)) {}

 private:
  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void close() override;

  struct Trace;
  void tell(const TimedAttempt& attempt);
  void tell_timeline(Trace& trace);
  void add(const Json& span);
  void begin();

  bool begun_ = false, first_ = true;
  std::int64_t traces_ = 0;
};

}  // namespace muster::report
