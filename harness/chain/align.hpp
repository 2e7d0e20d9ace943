#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chain/watch.hpp"

namespace muster::chain {

/// One line of an alignment of the pattern with the events.
struct Operation {
  enum class Kind {
    match,    ///< an event that the step names, as it should be
    wrong,    ///< the step's event with a wrong field, or late
    extra,    ///< an event that nothing expects
    missing,  ///< a step without its event
  };

  Kind kind = Kind::match;
  int step = -1;          ///< in `Chain::steps`; -1 for extra
  std::size_t event = 0;  ///< in the log; for missing the next event, which may be one past the end
  std::uint64_t count = 1;  ///< of missing: how many
  std::string detail;       ///< of wrong and of forbidden extras: why
  std::int64_t waited_ns = 0;
  std::int64_t bound_ns = 0;
  /// Of extra: the operation that misses this event. Of missing: those that came elsewhere.
  std::vector<std::size_t> moved;
};

/// A pattern and the events of one key, aligned at the least cost: missing 1, unexpected 1, moved
/// 1, the right name with a wrong field or late 0.5. Of equal ones, the one that matches longest
/// from the front; in one place extras stand before missing. A move is an extra and a missing of
/// the same step, joined after the search.
struct Alignment {
  std::vector<Operation> operations;
  double cost = 0;
  std::optional<std::size_t> first;  ///< the first operation that is no match
  bool complete = true;  ///< false when the search ran out of room, and the rest was left aside
};

/// `now_ns`: until when a missing event was waited for, on the chain's clock.
Alignment align(const Chain& chain, const Watch::Instance& instance, std::int64_t now_ns);

}  // namespace muster::chain
