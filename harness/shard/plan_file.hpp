#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "shard/problem.hpp"

namespace muster::shard {

/// The version of docs/formats/plan.md that is written and read.
inline constexpr int kPlanSchema = 1;

/// What a plan was made of. A run with another one is not what was planned.
struct Content {
  std::string version;                                     ///< of muster
  std::string library;                                     ///< digest of the step library
  std::map<std::string, std::string> settings;             ///< that change what scenarios do
  std::vector<std::pair<std::string, std::string>> files;  ///< uri, SHA-256; in order
  std::string cases;                                       ///< SHA-256 over the plan keys in order

  friend bool operator==(const Content&, const Content&) = default;
};

/// What of `now` is not as `planned`: `features/a.feature was changed since the plan`; empty when
/// nothing is.
std::string difference(const Content& planned, const Content& now);

/// A scenario of a plan.
struct PlannedCase {
  std::string key;     ///< plan key (docs/formats/plan.md)
  std::string pickle;  ///< id of its Pickle message
  std::string uri;
  int line = 0;
  std::string name;
  std::vector<std::string> locks;
  std::int64_t ms = 0;    ///< how long it is expected to take
  std::size_t shard = 0;  ///< from 0
};

/// A plan: which scenarios there are, which shard runs each, and the messages that stand before
/// them in every run. The merge needs nothing else but the attempts.
struct PlanFile {
  std::size_t shards = 1;
  Content content;
  /// Options by key (`run.tags`), for the run of a shard.
  std::map<std::string, std::vector<std::string>> selection;
  std::uint64_t next_id = 0;          ///< number of the first id that no message of the plan has
  std::vector<PlannedCase> cases;     ///< in the order of the run
  std::vector<std::string> messages;  ///< NDJSON without line ends: meta to the test cases
  std::string digest;                 ///< 64 hex digits; of what was read or written

  /// How many scenarios the shard (from 0) has, and how long they take together.
  std::size_t cases_of(std::size_t shard) const;
  std::int64_t ms_of(std::size_t shard) const;
};

/// The text of the file, its footer included; sets its digest.
std::string to_text(PlanFile& plan);

/// Reads a plan. Errors: that of opening the file, those of unseal under their names (`TRUNCATED`),
/// `plan_schema` (another version, or no plan), `plan_shape` (names the member).
Result<PlanFile> read_plan(const std::string& path);
/// The same of a text that is already read; `path` names it.
Result<PlanFile> parse_plan(std::string text, const std::string& path);

}  // namespace muster::shard
