#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/http.hpp"

namespace muster::net {

/// Coroutine HTTP/1.1 client over TCP and unix sockets, one request per connection. It adds Host,
/// Content-Length and `Connection: close`; every other header, the target and the body go out as
/// given.
///
/// Error codes, from errno and never from text; the message names method, target and address:
/// `connect_refused` (nobody listens), `connect_missing` (no socket file), `connect_failed`
/// (anything else of connect), `resolve_failed`, `timeout`, `closed` (before the answer was whole),
/// `malformed` (not HTTP), `too_large`, `cancelled`. A cancelled coroutine gets `cancelled` or, at
/// its next co_await, Asio's operation_aborted exception.

struct Timeouts {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds head{30'000};  ///< from the connection to the end of the response head
  std::chrono::milliseconds idle{30'000};  ///< between two pieces of the body
  std::chrono::milliseconds total = forever;  ///< of it all
  static constexpr std::chrono::milliseconds forever = std::chrono::hours(24 * 365);
};

/// A response whose body is read piece by piece.
class ResponseStream {
 public:
  /// Connects, sends the request and reads the response head (interim 1xx responses are skipped).
  static boost::asio::awaitable<Result<ResponseStream>> open(Address address, Request request,
                                                             Timeouts timeouts = {});
  ResponseStream(ResponseStream&&) noexcept;
  ResponseStream& operator=(ResponseStream&&) noexcept;
  ~ResponseStream();

  /// Status and headers; the body is empty.
  const Response& head() const;

  /// The next piece of the body as soon as any of it is there, without its transfer coding; empty
  /// at the end. `closed` if the connection ends before the body does.
  boost::asio::awaitable<Result<std::string>> read();

 private:
  struct Impl;
  explicit ResponseStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Sends `request` and reads the whole response (at most `max_body` bytes) within `timeout`.
boost::asio::awaitable<Result<Response>> send(Address address, Request request,
                                              std::chrono::milliseconds timeout,
                                              std::size_t max_body = 64 * 1024 * 1024);

using OnHead = std::function<boost::asio::awaitable<bool>(const Response& head)>;
using OnData = std::function<boost::asio::awaitable<bool>(std::string_view bytes)>;

/// Sends `request` and hands over head and body as they come; either callback ends the exchange by
/// false (a success).
boost::asio::awaitable<Result<void>> send_streaming(Address address, Request request,
                                                    OnHead on_head, OnData on_data,
                                                    Timeouts timeouts = {});

}  // namespace muster::net
