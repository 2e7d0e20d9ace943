#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace muster::steps {

/// Where this process reads how long the run was stopped in all (Ctrl-Z), in nanoseconds; null: it
/// never is. The memory outlives the process's last deadline.
void count_pauses(const std::atomic<std::int64_t>* total_ns);

/// How long the run was stopped so far.
std::chrono::nanoseconds paused();

/// A deadline that time in which the run is stopped does not bring nearer.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Deadline(Clock::time_point at) : at_(at), paused_(paused()) {}

  /// When it is, as far as one knows now: later after each pause.
  Clock::time_point at() const {
    if (at_ == Clock::time_point::max()) return at_;
    return at_ + std::chrono::duration_cast<Clock::duration>(paused() - paused_);
  }
  bool passed() const { return Clock::now() >= at(); }

 private:
  Clock::time_point at_;
  std::chrono::nanoseconds paused_;
};

}  // namespace muster::steps
