#include "steps/pauses.hpp"

namespace muster::steps {
namespace {

std::atomic<const std::atomic<std::int64_t>*> counter{nullptr};

}  // namespace

void count_pauses(const std::atomic<std::int64_t>* total_ns) {
  counter = total_ns;
}

std::chrono::nanoseconds paused() {
  const auto* total = counter.load(std::memory_order_relaxed);
  return std::chrono::nanoseconds(total == nullptr ? 0 : total->load(std::memory_order_relaxed));
}

}  // namespace muster::steps
