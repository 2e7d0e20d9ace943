#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifacts/reports.hpp"
#include "artifacts/run_state.hpp"
#include "base/json.hpp"
#include "debug/session.hpp"

namespace muster::debug {

/// All that a session can be judged by. What is missing is said in the diagnostics.
struct Case {
  Session session;
  std::string run_id;            ///< of the environment the session dealt with; empty: none
  std::vector<Json> run_events;  ///< events.jsonl of that run
  std::optional<artifacts::RunState> state;
  std::optional<artifacts::ErrorReport> errors;
};

/// Something that went wrong, how sure that is, and why it probably did.
struct Issue {
  std::string code;
  std::string severity;   ///< `high`, `medium`, `low`
  double confidence = 0;  ///< 0 to 1: 1 where it was recorded as such, less where it is inferred
  std::string subject;
  std::string message;
  std::vector<std::string> probable_causes;  ///< the likeliest first
  std::vector<std::string> evidence;         ///< `events.debug.jsonl#12`: a file and a seq in it
};

/// How long a service took, from the beginning of the run's startup, in milliseconds.
struct StartupStep {
  std::string service;
  std::optional<double> started_ms;
  std::optional<double> ready_ms;
  std::string outcome;  ///< `ready`, `failed`, `unfinished`
};

struct Diagnosis {
  std::string session_id;
  std::string run_id;
  std::vector<Issue> issues;  ///< the gravest and surest first
  std::vector<StartupStep> startup;
  double startup_ms = 0;
  std::string slowest;               ///< the service that startup waited for longest
  std::vector<std::string> missing;  ///< what there is no record of
};

Diagnosis diagnose(const Case& what);

/// diagnostics.json of a bundle (docs/formats/debug.md).
Json to_json(const Diagnosis& diagnosis);

/// For people: issues with causes, then the startup. Markdown that reads well as plain text.
std::string summary(const Case& what, const Diagnosis& diagnosis);

/// The events of the session and of its run in the order of their times, with `source`.
std::vector<Json> timeline(const Case& what);

}  // namespace muster::debug
