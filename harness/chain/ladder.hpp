#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "chain/align.hpp"

namespace muster::chain {

/// One row of the ladder.
struct Rung {
  char mark = '=';  ///< `=` as expected, `-` missing, `+` unexpected, `~` wrong
  std::string expected;
  std::string observed;
  std::string seq;   ///< `3`, `3–6`, or empty
  std::string t;     ///< seconds since arming, `1.840`, or empty
  std::string note;  ///< stands below the row
};

/// Where the events first left the pattern, by the sink's `seq`.
struct Divergence {
  std::optional<std::uint64_t> after;   ///< the event before it
  std::optional<std::uint64_t> before;  ///< the event after it
  std::optional<std::uint64_t> at;      ///< the event itself, of unexpected and wrong
  std::string kind;                     ///< `missing`, `unexpected`, `moved`, `wrong`
  std::string expected;
  int line = 0;  ///< of the step in the chain's file, 0 for unexpected
  int rung = 0;  ///< index of the row in the ladder, from 0

  /// `after #2, before #3`; `at #3, after #2`; `after #4, at the end`; `before #1`.
  std::string to_text() const;
};

struct Ladder {
  std::vector<Rung> rungs;
  std::optional<Divergence> first;
};

/// The rows of an alignment; matches of one counted step that stand together make one row.
Ladder make_ladder(const Chain& chain, const Watch::Instance& instance, const Alignment& alignment,
                   std::int64_t armed_ns);

/// The rows under their heads, each line indented by two.
std::string render(const Ladder& ladder);

/// `[{kind, expected?, observed?, seq?, line?, count?, detail?}]`; a move is one edit, with
/// `to_line`.
Json edits_json(const Chain& chain, const Watch::Instance& instance, const Alignment& alignment);
Json to_json(const Divergence& divergence);

}  // namespace muster::chain
