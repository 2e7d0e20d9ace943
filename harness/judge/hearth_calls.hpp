#pragma once

#include <string>

#include "judge/bench.hpp"

namespace muster::judge {

/// The bench's workspace on the hearth under judgement.
struct Deployed {
  /// Provisions it at tier solo. Throws Untried (`hearth.provision`).
  explicit Deployed(Bench& its_bench);

  static Answer provision(Bench& bench, const std::string& tier);
  Answer status() const;
  Answer teardown() const;
  Answer upgrade(const std::string& tier) const;

  Bench& bench;
  Json ref;
};

/// RFC 3339 with exactly three fractional digits and Z.
bool is_timestamp(const std::string& text);

}  // namespace muster::judge
