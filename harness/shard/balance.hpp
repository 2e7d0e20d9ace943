#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace muster::shard {

/// A scenario as the balance sees it.
struct Weight {
  std::int64_t ms = 0;             ///< how long it takes
  std::vector<std::string> locks;  ///< of `@lock(name)`
};

/// Deals scenarios to `shards` (at least 1) shards, longest first, each to the shard that has least
/// so far (Graham 1969: at most 4/3 − 1/(3·shards) times the best possible). Scenarios that hold a
/// lock in common, also by way of others, go to the same shard, so that what the lock keeps apart
/// never runs at the same time. The shard (from 0) of each; the same for the same weights.
std::vector<std::size_t> balance(const std::vector<Weight>& weights, std::size_t shards);

}  // namespace muster::shard
