#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/key_runs.hpp"
#include "audit/log_file.hpp"
#include "base/result.hpp"
#include "chain/report.hpp"

namespace muster::audit {

struct VerifyOptions {
  unsigned threads = 1;
  std::size_t piece = 256 << 10;  ///< bytes that a thread reads at a time
  std::size_t reports = 20;       ///< failing keys that are explained
  std::size_t listed = 20;        ///< satisfied keys that are listed
  std::string chain_place;        ///< of the chain, for reports
};

/// Half a line at the end of a log: what a crash leaves.
struct Torn {
  int line = 0;
  std::size_t bytes = 0;
};

/// A failing key, explained.
struct Explained {
  std::string key;  ///< values as JSON, separated by commas
  chain::Failure failure;
};

/// What a log says of a chain.
struct Verified {
  std::uint64_t bytes = 0;
  std::uint64_t events = 0;
  std::uint64_t keys = 0;
  std::uint64_t satisfied = 0;
  std::vector<std::string> listed;  ///< the first of them, as `Failed::key`
  std::vector<Failed> failed;
  std::optional<Torn> torn;
  std::uint64_t unkeyed = 0;        ///< events that the chain names and that have no key
  std::optional<int> unkeyed_line;  ///< of the first
  std::vector<Explained> explained;

  /// An empty log satisfies nothing.
  bool holds() const { return keys > 0 && failed.empty() && unkeyed == 0; }
};

/// `late`, `unexpected`, …
std::string to_text(chain::Violation::Kind kind);

/// Checks a recorded log against a chain, each key a run of its own, in one pass and in memory
/// bounded by the runs that are open. The verdicts are those of chain::Watch armed at the first
/// event of each key and settled at the end of the log. A line that is no event is an error with
/// its place; half a line at the end is told in the result. `satisfied`, when given, gets each key
/// that keeps the chain.
Result<Verified> verify(const LogFile& log, std::shared_ptr<const chain::Chain> chain,
                        const VerifyOptions& options);

}  // namespace muster::audit
