#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

namespace muster::sinks {

/// What a door is told to do wrong, write by write. Any thread.
class Faults {
 public:
  /// What happens to one write.
  struct Orders {
    bool refuse = false;
    bool drop_ack = false;
    std::chrono::milliseconds delay{0};
  };

  /// The next `count` writes are refused and not recorded. Each call replaces the order before it.
  void refuse_next(std::size_t count);
  /// The next `count` writes wait before they are looked at; a producer that gave up meanwhile is
  /// not recorded.
  void delay_next(std::size_t count, std::chrono::milliseconds delay);
  /// The next `count` writes that are recorded are never answered.
  void drop_next_acks(std::size_t count);

  /// The orders for the write that came now.
  Orders next();

 private:
  std::mutex guard_;
  std::size_t refuse_ = 0;
  std::size_t delay_ = 0;
  std::chrono::milliseconds delay_by_{0};
  std::size_t drop_ack_ = 0;
};

}  // namespace muster::sinks
