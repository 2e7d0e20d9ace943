#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/timer.hpp"

namespace muster::net {

/// How a read or write ended: error::timed_out at its deadline, error::operation_aborted when
/// cancelled, error::eof.
struct IoOutcome {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

/// One end of a connection, whose operations have deadlines. One read and one write may be under
/// way at once. It is closed when it dies.
class Wire {
 public:
  using Deadline = SteadyClock::time_point;
  static constexpr Deadline never = Deadline::max();

  virtual ~Wire() = default;

  /// Over the transport of this thread. Error codes are those of client.hpp: resolve_failed,
  /// connect_*, timeout, cancelled.
  static boost::asio::awaitable<Result<std::unique_ptr<Wire>>> connect(Address address,
                                                                       Deadline deadline);

  /// At least one byte, or an error.
  virtual boost::asio::awaitable<IoOutcome> read(std::span<char> into, Deadline deadline) = 0;
  /// All of `bytes`, or an error.
  virtual boost::asio::awaitable<IoOutcome> write(std::string_view bytes, Deadline deadline) = 0;

  /// Says that nothing more will be sent.
  virtual void finish_sending() = 0;
  /// Closes so that the peer sees a reset, where the transport has one.
  virtual void reset() = 0;
  virtual boost::asio::any_io_executor executor() = 0;
};

/// Waits, cancellable; a cancelled wait throws operation_aborted.
boost::asio::awaitable<void> pause_for(std::chrono::nanoseconds time);

}  // namespace muster::net
