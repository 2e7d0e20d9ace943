#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "run/gate.hpp"

namespace muster::run {

/// How much of a deployment a scenario needs: `@tier-0` no live session, `@tier-1`, …, and
/// `@tier-cai`, which stands above every number.
class Tier {
 public:
  /// Reads `0`, `1`, … or `cai`. Error `bad_tier`.
  static Result<Tier> parse(std::string_view text);
  /// The highest tier that the tags name; 0 when they name none. A tag `@tier-…` that is no tier
  /// counts as above all others: what nobody understands is not run by accident.
  static Tier of(const std::vector<std::string>& tags);

  std::string name() const;
  friend auto operator<=>(const Tier&, const Tier&) = default;

 private:
  explicit Tier(int rank) : rank_(rank) {}
  int rank_;
};

/// Skips what stands above `highest`.
Gate tier_gate(Tier highest);

}  // namespace muster::run
