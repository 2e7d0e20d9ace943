#include "chain/matching.hpp"

#include <algorithm>
#include <numeric>

namespace muster::chain {
namespace {

/// Maximum flow from event classes to slots by augmenting paths; both sides are small, amounts are
/// not.
class Flow {
 public:
  Flow(const EventClasses& events, std::vector<std::uint64_t> capacity)
      : events_(events), capacity_(std::move(capacity)) {
    for (const auto& event : events_) left_.push_back(event.second);
    flow_.assign(events_.size(), std::vector<std::uint64_t>(capacity_.size(), 0));
  }

  std::uint64_t run() {
    std::uint64_t total = 0;
    for (std::size_t from = 0; from < events_.size(); ++from) {
      while (left_[from] > 0) {
        seen_slot_.assign(capacity_.size(), false);
        const std::uint64_t moved = push(from, left_[from]);
        if (moved == 0) break;
        left_[from] -= moved;
        total += moved;
      }
    }
    return total;
  }

 private:
  std::uint64_t push(std::size_t from, std::uint64_t amount) {
    for (std::size_t slot = 0; slot < capacity_.size(); ++slot) {
      if (seen_slot_[slot] || (events_[from].first >> slot & 1) == 0) continue;
      seen_slot_[slot] = true;
      if (capacity_[slot] > 0) {
        const std::uint64_t moved = std::min(amount, capacity_[slot]);
        capacity_[slot] -= moved;
        flow_[from][slot] += moved;
        return moved;
      }
      for (std::size_t other = 0; other < events_.size(); ++other) {
        if (other == from || flow_[other][slot] == 0) continue;
        const std::uint64_t moved = push(other, std::min(amount, flow_[other][slot]));
        if (moved == 0) continue;
        flow_[other][slot] -= moved;
        flow_[from][slot] += moved;
        return moved;
      }
    }
    return 0;
  }

  const EventClasses& events_;
  std::vector<std::uint64_t> capacity_;
  std::vector<std::uint64_t> left_;
  std::vector<std::vector<std::uint64_t>> flow_;
  std::vector<bool> seen_slot_;
};

std::uint64_t count_of(const EventClasses& events) {
  return std::accumulate(events.begin(), events.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& event) { return sum + event.second; });
}

}  // namespace

bool all_placed(const EventClasses& events, const std::vector<Slot>& slots) {
  std::vector<std::uint64_t> capacity;
  for (const Slot& slot : slots) capacity.push_back(slot.max);
  return Flow(events, std::move(capacity)).run() == count_of(events);
}

bool all_filled(const EventClasses& events, const std::vector<Slot>& slots,
                std::uint64_t required) {
  std::vector<std::uint64_t> capacity;
  for (std::size_t at = 0; at < slots.size(); ++at)
    capacity.push_back((required >> at & 1) != 0 ? slots[at].min : 0);
  const std::uint64_t needed = std::accumulate(capacity.begin(), capacity.end(), std::uint64_t{0});
  return Flow(events, std::move(capacity)).run() == needed;
}

}  // namespace muster::chain
