#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace muster::run {

/// What all processes of a run see at once, in memory that is mapped before the first fork: the
/// queue that free workers serve themselves from, and how long the run was stopped (Ctrl-Z).
class Board {
 public:
  /// `queue`: the cases that may run beside each other, in order. Throws std::system_error.
  explicit Board(std::vector<std::uint32_t> queue);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  /// The next case of the queue; nullopt when none is left or the run is being stopped.
  std::optional<std::uint32_t> take();
  /// From now on nothing is taken.
  void stop();
  bool stopped() const;
  /// Whether take() still gives something.
  bool empty() const;
  const std::vector<std::uint32_t>& queue() const { return queue_; }

  /// Adds a time in which the run stood still.
  void add_pause(std::chrono::nanoseconds pause);
  /// All of them, for steps::count_pauses.
  const std::atomic<std::int64_t>& paused_ns() const;

 private:
  struct Shared;
  std::vector<std::uint32_t> queue_;
  Shared* shared_;
};

}  // namespace muster::run
