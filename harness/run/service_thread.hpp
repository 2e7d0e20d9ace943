#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "steps/pauses.hpp"

namespace muster::run {

/// A thread with an io_context of its own. A worker's lives as long as the worker: it holds sink
/// doors, taps, log capture, reaping and deadlines, so that they go on while a body blocks.
class ServiceThread {
 public:
  ServiceThread();
  ~ServiceThread();
  ServiceThread(const ServiceThread&) = delete;
  ServiceThread& operator=(const ServiceThread&) = delete;

  boost::asio::any_io_executor executor();

  /// Runs `work` there and waits. From `deadline` on it is cancelled, once, and DeadlinePassed
  /// thrown after it ended; what it throws is thrown here. Waits for its end in any case: it may
  /// use the caller's stack.
  void wait(std::function<boost::asio::awaitable<void>()> work, steps::Deadline deadline);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::run
