#include "chain/matching.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace muster::chain {
namespace {

/// Tries every way of giving single events to slots.
bool by_brute_force(const EventClasses& events, const std::vector<Slot>& slots, bool fill) {
  std::vector<std::uint64_t> sets;
  for (const auto& [set, count] : events) sets.insert(sets.end(), count, set);
  std::vector<std::uint64_t> got(slots.size(), 0);
  std::function<bool(std::size_t)> give = [&](std::size_t at) {
    if (at == sets.size()) {
      for (std::size_t slot = 0; slot < slots.size(); ++slot) {
        if (fill && got[slot] < slots[slot].min) return false;
      }
      return true;
    }
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      if ((sets[at] >> slot & 1) == 0 || got[slot] == slots[slot].max) continue;
      ++got[slot];
      const bool found = give(at + 1);
      --got[slot];
      if (found) return true;
    }
    return false;
  };
  return give(0);
}

TEST(Matching, EqualsBruteForce) {
  std::mt19937 random(7);
  int placed = 0, filled = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::vector<Slot> slots(1 + random() % 4);
    for (Slot& slot : slots) {
      slot.min = random() % 3;
      slot.max = slot.min + random() % 2;
    }
    EventClasses events;
    for (std::uint64_t set = 1; set < (1U << slots.size()); ++set) {
      if (random() % 4 == 0) events.emplace_back(set, 1 + random() % 2);
    }
    if (events.size() > 4) events.resize(4);
    const bool can_place = by_brute_force(events, slots, false);
    ASSERT_EQ(all_placed(events, slots), can_place) << round;
    placed += can_place ? 1 : 0;
    if (!can_place) continue;
    const bool can_fill = by_brute_force(events, slots, true);
    ASSERT_EQ(all_filled(events, slots), can_fill) << round;
    filled += can_fill ? 1 : 0;
  }
  EXPECT_GT(placed, 200);
  EXPECT_GT(filled, 50);
}

TEST(Matching, AmountsAreNoLoops) {
  const EventClasses events = {{0b01, 1'000'000'000}, {0b11, 1'000'000'000}};
  EXPECT_TRUE(all_placed(events, {{1, 1'000'000'000}, {0, ~std::uint64_t{0}}}));
  EXPECT_FALSE(all_placed(events, {{1, 999'999'999}, {0, ~std::uint64_t{0}}}));
}

}  // namespace
}  // namespace muster::chain
