#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/address.hpp"

namespace muster::net {

/// How a read or write ended: error::timed_out at its deadline, error::operation_aborted when
/// cancelled, error::eof.
struct IoOutcome {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

/// A connected stream socket, TCP or unix, whose operations have deadlines. One read and one write
/// may be under way at once.
class Wire {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  static constexpr Deadline never = Deadline::max();

  Wire(boost::asio::any_io_executor executor, UniqueFd connected, bool is_unix);

  /// Error codes are those of client.hpp: resolve_failed, connect_*, timeout, cancelled.
  static boost::asio::awaitable<Result<Wire>> connect(Address address, Deadline deadline);

  /// At least one byte, or an error.
  boost::asio::awaitable<IoOutcome> read(std::span<char> into, Deadline deadline);
  /// All of `bytes`, or an error.
  boost::asio::awaitable<IoOutcome> write(std::string_view bytes, Deadline deadline);

  /// Says that nothing more will be sent.
  void finish_sending();
  /// Closes so that a TCP peer sees a reset.
  void reset();
  boost::asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  boost::asio::generic::stream_protocol::socket socket_;
  boost::asio::steady_timer read_timer_, write_timer_;
};

/// Waits, cancellable; a cancelled wait throws operation_aborted.
boost::asio::awaitable<void> pause_for(std::chrono::nanoseconds time);

}  // namespace muster::net
