#pragma once

#include <string>

#include "base/json.hpp"
#include "chain/gap.hpp"
#include "chain/ladder.hpp"
#include "chain/watch.hpp"

namespace muster::chain {

/// Where a chain stands and how to look at it again.
struct ReportContext {
  std::string location;  ///< `lifecycle.feature:31`
  std::string again;     ///< `muster run lifecycle.feature:31`, or empty
  std::string offline;   ///< `muster replay latest`, or empty
};

/// Why a chain failed, in full.
struct Failure {
  Gap gap;
  Ladder ladder;
  std::string headline;  ///< `HATCH chain for workspace "test": gap C: …`
  std::string text;      ///< headline, ladder, first gap, why, again; lines ended; redacted
  Json attachment;       ///< `{gap, edits[], evidence[], first_divergence}`
  std::int64_t begin_ns = 0, end_ns = 0;  ///< of the gap, CLOCK_MONOTONIC
};

/// `HATCH chain`, with ` for workspace "test"` when the chain has a key and it is known.
std::string title_of(const Watch& watch);

/// What a failure says in short, for those who draw it: `{letter, headline, chain, first, begin_ns,
/// end_ns, why: [{t_ns, text}]}`, redacted.
Json outline_json(const Watch& watch, const Failure& failure);

/// Explains a watch that did not come out satisfied.
Failure explain(const Watch& watch, const Evidence& evidence, const ReportContext& context);

}  // namespace muster::chain
