#include "sinks/memory_sink.hpp"

#include <algorithm>
#include <utility>

namespace muster::sinks {

MemorySink::MemorySink(const Clock& clock, std::size_t bound) : clock_(clock), bound_(bound) {}

Result<events::Event> MemorySink::accept(events::Event event) {
  const std::lock_guard order(order_);
  std::shared_ptr<const events::Event> recorded;
  std::vector<std::shared_ptr<Callback>> callbacks;
  {
    const std::lock_guard guard(guard_);
    if (events_.size() >= bound_) {
      overflowed_ = true;
      return error("sink_full",
                   "the sink holds " + std::to_string(bound_) + " events and takes no more");
    }
    // a million are kept: an empty object each would be 64 MB of nothing
    if (event.extra.empty()) event.extra = nullptr;
    event.seq = events_.size() + 1;
    event.recv_mono_ns = clock_.mono_ns();
    recorded = std::make_shared<const events::Event>(event);
    events_.push_back(recorded);
    continuity_.take(event);
    std::erase_if(subscribers_, [](const auto& weak) { return weak.expired(); });
    for (const auto& weak : subscribers_) {
      if (auto callback = weak.lock()) callbacks.push_back(std::move(callback));
    }
  }
  for (const auto& callback : callbacks) (*callback)(recorded);
  return event;
}

MemorySink::Subscription MemorySink::subscribe(Callback callback) {
  auto shared = std::make_shared<Callback>(std::move(callback));
  const std::lock_guard order(order_);
  for (const auto& event : events()) (*shared)(event);
  const std::lock_guard guard(guard_);
  subscribers_.push_back(shared);
  return Subscription(std::move(shared));
}

std::vector<std::shared_ptr<const events::Event>> MemorySink::events() const {
  const std::lock_guard guard(guard_);
  return events_;
}

std::size_t MemorySink::size() const {
  const std::lock_guard guard(guard_);
  return events_.size();
}

bool MemorySink::overflowed() const {
  const std::lock_guard guard(guard_);
  return overflowed_;
}

std::vector<ContinuityFinding> MemorySink::continuity() const {
  const std::lock_guard guard(guard_);
  return continuity_.findings();
}

}  // namespace muster::sinks
