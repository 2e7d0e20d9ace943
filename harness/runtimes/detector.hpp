#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "runtimes/runtime.hpp"
#include "runtimes/sources.hpp"
#include "runtimes/verdict.hpp"
#include "runtimes/verify.hpp"

namespace muster::runtimes {

struct DetectOptions {
  Role role = Role::action;
  Environment environment = process_environment();
  std::optional<Json> configured;  ///< what stands at `worker.capabilities.runtimes`
  VerifyOptions verify;
};

/// What somebody lists for that role: the environment, else the configuration, else nobody. Error
/// `bad_claims`.
Result<std::optional<Claims>> claims_of(const DetectOptions& options);

/// What a host has, and who said so. A claim is not yet a fact: `runtimes` holds verified names
/// only.
struct Detection {
  Role role = Role::action;
  Source source = Source::database;
  std::string origin;                 ///< the variable or key; empty for the database
  std::vector<std::string> claimed;   ///< normalised, as listed; empty for the database
  std::vector<std::string> runtimes;  ///< available ones by their names, sorted
  std::vector<Verdict> verdicts;      ///< of the rows in their order, then of claims without a row
};

/// The one detector of action workers, sensors and muster itself: by the first source that says
/// anything, environment before configuration before `rows`. Rows that a claim names, or all of
/// them, are verified; the others are `overridden`. Errors `bad_claims` and those of `verify`.
Result<Detection> detect(const std::vector<Runtime>& rows, const DetectOptions& options);

/// The verdict on `name` (in any spelling), an available one first; nullptr when nothing is known.
const Verdict* verdict_on(const Detection& detection, std::string_view name);

/// `{role, source, origin?, claimed, runtimes, verdicts}`.
Json to_json(const Detection& detection);

/// What a worker tells about itself in `worker.capabilities`: `{runtimes, versions, source,
/// origin?, claimed?}`.
Json capabilities_of(const Detection& detection);

}  // namespace muster::runtimes
