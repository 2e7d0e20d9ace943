#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "sinks/continuity.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

/// The asserted sink: its order of acceptance is the order that chains are checked against. May be
/// used from several threads.
class MemorySink : public Sink {
 public:
  static constexpr std::size_t kBound = 1'000'000;
  using Callback = std::function<void(const std::shared_ptr<const events::Event>&)>;

  /// Ends its subscription when destroyed; it may outlive the sink.
  class Subscription {
   public:
    Subscription() = default;
    explicit Subscription(std::shared_ptr<Callback> callback) : callback_(std::move(callback)) {}

   private:
    std::shared_ptr<Callback> callback_;
  };

  explicit MemorySink(const Clock& clock = system_clock(), std::size_t bound = kBound);

  /// Assigns `seq` (from 1) and `recv_mono_ns`. Error `sink_full` beyond the bound: nothing is ever
  /// dropped to make room.
  Result<events::Event> accept(events::Event event) override;

  /// Calls back for each event: first those already recorded, then each as it is accepted, in order
  /// and on the thread that accepts. The callback must not call `accept` or `subscribe`.
  [[nodiscard]] Subscription subscribe(Callback callback);

  std::vector<std::shared_ptr<const events::Event>> events() const;
  std::size_t size() const;

  /// Whether an event was refused because of the bound.
  bool overflowed() const;

  std::vector<ContinuityFinding> continuity() const;

 private:
  const Clock& clock_;
  const std::size_t bound_;
  std::mutex order_;          // held over the callbacks, so that they come in order
  mutable std::mutex guard_;  // of what follows; never held over a callback
  std::vector<std::shared_ptr<const events::Event>> events_;
  std::vector<std::weak_ptr<Callback>> subscribers_;
  Continuity continuity_;
  bool overflowed_ = false;
};

}  // namespace muster::sinks
