// The balance: complete, reproducible, as good as its theory says, and locks stay whole.
#include "shard/balance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <set>

namespace muster::shard {
namespace {

std::vector<std::int64_t> loads_of(const std::vector<Weight>& weights,
                                   const std::vector<std::size_t>& chosen, std::size_t shards) {
  std::vector<std::int64_t> loads(shards, 0);
  for (std::size_t i = 0; i < weights.size(); ++i) loads.at(chosen.at(i)) += weights[i].ms;
  return loads;
}

/// The best that any deal can do, by trying them all.
std::int64_t best(const std::vector<Weight>& weights, std::size_t shards) {
  std::vector<std::size_t> chosen(weights.size(), 0);
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  while (true) {
    const auto loads = loads_of(weights, chosen, shards);
    least = std::min(least, *std::max_element(loads.begin(), loads.end()));
    std::size_t i = 0;
    while (i < chosen.size() && ++chosen[i] == shards) chosen[i++] = 0;
    if (i == chosen.size()) return least;
  }
}

std::vector<Weight> any_weights(std::mt19937& random, std::size_t most, bool locks) {
  std::vector<Weight> weights(random() % most + 1);
  for (auto& weight : weights) {
    weight.ms = static_cast<std::int64_t>(random() % 1000);
    while (locks && random() % 3 == 0)
      weight.locks.push_back("lock" + std::to_string(random() % 6));
  }
  return weights;
}

/// The longest time that must stay together: closes over shared locks until nothing changes.
std::int64_t longest_bundle(const std::vector<Weight>& weights) {
  std::vector<std::size_t> label(weights.size());
  std::iota(label.begin(), label.end(), std::size_t{0});
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t a = 0; a < weights.size(); ++a) {
      for (std::size_t b = 0; b < weights.size(); ++b) {
        const auto& other = weights[b].locks;
        const bool shared =
            std::any_of(weights[a].locks.begin(), weights[a].locks.end(), [&](const auto& lock) {
              return std::find(other.begin(), other.end(), lock) != other.end();
            });
        if (!shared || label[a] <= label[b]) continue;
        label[a] = label[b];
        changed = true;
      }
    }
  }
  std::vector<std::int64_t> sums(weights.size(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i) sums[label[i]] += weights[i].ms;
  return *std::max_element(sums.begin(), sums.end());
}

TEST(Balance, NoShardHasMoreThanAnotherByMoreThanTheLongest) {
  std::mt19937 random(20260102);
  for (int round = 0; round < 2000; ++round) {
    const auto weights = any_weights(random, 40, round % 2 == 1);
    const std::size_t shards = random() % 8 + 1;
    const auto chosen = balance(weights, shards);
    ASSERT_EQ(chosen.size(), weights.size());
    const auto loads = loads_of(weights, chosen, shards);
    const auto [least, most] = std::minmax_element(loads.begin(), loads.end());
    EXPECT_LE(*most - *least, longest_bundle(weights)) << "round " << round;
    EXPECT_EQ(chosen, balance(weights, shards)) << "round " << round;
  }
}

TEST(Balance, IsWithinFourThirdsOfTheBest) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const auto weights = any_weights(random, 8, false);
    const std::size_t shards = random() % 3 + 1;
    const auto loads = loads_of(weights, balance(weights, shards), shards);
    const auto m = static_cast<double>(shards);
    EXPECT_LE(static_cast<double>(*std::max_element(loads.begin(), loads.end())),
              (4.0 / 3.0 - 1.0 / (3.0 * m)) * static_cast<double>(best(weights, shards)) + 1e-6)
        << "round " << round;
  }
}

TEST(Balance, LocksInCommonStayTogether) {
  std::mt19937 random(11);
  for (int round = 0; round < 1000; ++round) {
    const auto weights = any_weights(random, 30, true);
    const auto chosen = balance(weights, random() % 8 + 1);
    std::map<std::string, std::set<std::size_t>> where;
    for (std::size_t i = 0; i < weights.size(); ++i)
      for (const auto& lock : weights[i].locks) where[lock].insert(chosen[i]);
    for (const auto& [lock, shards] : where) EXPECT_EQ(shards.size(), 1U) << lock;
  }
}

TEST(Balance, TheLongestAreDealtFirst) {
  // by order of definition the last would go on top of the others
  const std::vector<Weight> weights = {{10, {}}, {10, {}}, {10, {}}, {30, {}}};
  EXPECT_EQ(balance(weights, 2), (std::vector<std::size_t>{1, 1, 1, 0}));
  EXPECT_EQ(balance({{1, {"a"}}, {1, {}}, {1, {"a", "b"}}, {1, {"b"}}}, 2),
            (std::vector<std::size_t>{0, 1, 0, 0}));
  EXPECT_TRUE(balance({}, 3).empty());
}

}  // namespace
}  // namespace muster::shard
