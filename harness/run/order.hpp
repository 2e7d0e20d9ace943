#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "run/plan_builder.hpp"

namespace muster::run {

/// In which order scenarios run: as they are defined, the other way round, or shuffled by a seed.
class Order {
 public:
  enum class Kind { defined, reverse, random };

  /// Reads `defined`, `reverse`, `random` (a seed is chosen) or `random:SEED` (a whole number).
  /// Error `bad_order`.
  static Result<Order> parse(std::string_view text);

  Kind kind() const { return kind_; }
  /// As it is written to get the same order again, e.g. `random:42`.
  std::string text() const;

  /// Puts the chosen pickles into this order; the same seed gives the same order on every machine.
  void arrange(std::vector<ChosenPickle>& chosen) const;

 private:
  Kind kind_ = Kind::defined;
  std::uint64_t seed_ = 0;
};

}  // namespace muster::run
