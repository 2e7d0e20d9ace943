#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>

namespace muster::process {

/// Something that happens once, and whoever waits for it; on one io_context. Copies are the same
/// latch.
class Latch {
 public:
  explicit Latch(boost::asio::any_io_executor executor);

  bool is_set() const { return state_->set; }
  void set();

  /// Returns once it is set.
  boost::asio::awaitable<void> wait() const;
  /// Returns once it is set or `deadline` is over: whether it is set.
  boost::asio::awaitable<bool> wait_until(std::chrono::steady_clock::time_point deadline) const;

 private:
  struct State {
    boost::asio::any_io_executor executor;
    bool set = false;
    std::list<boost::asio::steady_timer*> waiters;
  };
  std::shared_ptr<State> state_;
};

/// Waits until a pidfd says that its process has ended, or `deadline` is over: whether it has.
boost::asio::awaitable<bool> until_ended(int pidfd, std::chrono::steady_clock::time_point deadline);

}  // namespace muster::process
