#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "steps/pauses.hpp"

namespace muster::run {

/// Watches on the service thread that the body thread meets its deadlines. Costs a lock per step,
/// and a wake-up only when a deadline is earlier than the one already waited for.
class StepWatch {
 public:
  using Clock = std::chrono::steady_clock;

  explicit StepWatch(boost::asio::any_io_executor service);
  ~StepWatch();

  /// Body thread: from now on a step runs. When it still does at `deadline`, `overdue` is called on
  /// the service thread.
  void step_began(steps::Deadline deadline, std::function<void()> overdue);
  /// Body thread: it ended. False when `overdue` was already called.
  bool step_ended();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::run
