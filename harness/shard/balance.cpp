#include "shard/balance.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace muster::shard {
namespace {

/// Scenarios that stay together.
struct Bundle {
  std::int64_t ms = 0;
  std::vector<std::size_t> members;
};

class Groups {
 public:
  explicit Groups(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  std::size_t root_of(std::size_t one) {
    while (parents_[one] != one) one = parents_[one] = parents_[parents_[one]];
    return one;
  }
  /// The lower number stays the root, so that bundles keep the order of the plan.
  void join(std::size_t a, std::size_t b) {
    a = root_of(a);
    b = root_of(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parents_;
};

std::vector<Bundle> bundles_of(const std::vector<Weight>& weights) {
  Groups groups(weights.size());
  std::map<std::string, std::size_t> holders;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    for (const std::string& lock : weights[i].locks) {
      groups.join(i, holders.emplace(lock, i).first->second);
    }
  }
  std::map<std::size_t, Bundle> by_root;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    Bundle& bundle = by_root[groups.root_of(i)];
    bundle.ms += weights[i].ms;
    bundle.members.push_back(i);
  }
  std::vector<Bundle> bundles;
  for (auto& [root, bundle] : by_root) bundles.push_back(std::move(bundle));
  return bundles;
}

}  // namespace

std::vector<std::size_t> balance(const std::vector<Weight>& weights, std::size_t shards) {
  auto bundles = bundles_of(weights);
  std::stable_sort(bundles.begin(), bundles.end(),
                   [](const Bundle& a, const Bundle& b) { return a.ms > b.ms; });
  std::vector<std::int64_t> loads(shards, 0);
  std::vector<std::size_t> chosen(weights.size(), 0);
  for (const Bundle& bundle : bundles) {
    const auto least = std::min_element(loads.begin(), loads.end());
    *least += bundle.ms;
    for (const std::size_t member : bundle.members) {
      chosen[member] = static_cast<std::size_t>(least - loads.begin());
    }
  }
  return chosen;
}

}  // namespace muster::shard
