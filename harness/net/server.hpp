#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/http.hpp"

namespace muster::net {

/// Answers one request, which outlives the handler and the stream of its response. Runs as a
/// coroutine on the server's executor; it is cancelled (terminal cancellation, so that its next
/// co_await ends with operation_aborted) within milliseconds when the client closes its connection.
/// A thrown exception is answered with 500 `internal_error`; a cancelled handler with 499
/// `context_canceled`, in case the client can still read it.
using Handler = std::function<boost::asio::awaitable<Response>(const Request&)>;

/// Told of each request that was refused before it came to the handler: what could be read of it,
/// and the answer.
using RefusalHook = std::function<void(const Request&, const Response&)>;

/// What a peer may cost (reliability contract). The status is what the peer gets when it goes
/// beyond.
struct ServerLimits {
  std::size_t head_bytes = 16 * 1024;    ///< request line and fields: 431
  std::size_t head_fields = 100;         ///< 431
  std::size_t body_bytes = 1024 * 1024;  ///< after de-chunking: 413
  std::size_t body_share =
      32 * 1024;  ///< of a body, kept per connection; only one connection at a time holds more
  std::chrono::milliseconds head{5'000};   ///< the head is complete within: 408
  std::chrono::milliseconds body{10'000};  ///< the body is complete within: 408
  std::chrono::milliseconds write{
      30'000};  ///< a piece of the answer is taken within; else the connection is cut
  std::chrono::milliseconds linger{
      2'000};  ///< unread input is discarded for this long, so that the answer is read
  std::size_t connections = 256;  ///< 503

  /// For a relay, which leaves the judgement of a request to the program behind it:
  /// Content-Encoding and any target without control characters pass; `path` is then the raw path
  /// if it cannot be decoded. Framing stays strict.
  bool relay = false;
};

/// Where a server listens: an address, or a descriptor that listens already (then the address is
/// ignored).
struct Listen {
  Address address;
  std::optional<int> descriptor;
};

/// The descriptor passed by systemd's protocol: LISTEN_FDS=1 means descriptor 3. None when
/// LISTEN_FDS is absent or LISTEN_PID names another process. Errors: `listen_fds` when there is
/// more than one, or descriptor 3 is no listening socket.
Result<std::optional<int>> inherited_listener();

/// An HTTP/1.1 server for one io_context thread. One request per connection, always `Connection:
/// close`. Requests are read strictly: what RFC 9112 leaves to leniency (bare LF, obs-fold, lists
/// in Content-Length, other transfer codings …) is answered with 400, in the error shape of
/// Response::error. Only origin-form targets, and `*` for OPTIONS.
class Server {
 public:
  /// Listens and begins to accept on `executor`. TCP: SO_REUSEADDR, never SO_REUSEPORT. Unix: mode
  /// 0600, a stale socket file is removed first, ours at the end; a living listener or a file of
  /// another kind is an error. Every descriptor is CLOEXEC. Errors: `listen_in_use`,
  /// `listen_failed`, `address_too_long`.
  static Result<std::unique_ptr<Server>> listen(boost::asio::any_io_executor executor, Listen where,
                                                Handler handler, ServerLimits limits = {},
                                                RefusalHook on_refusal = {});

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Closes everything at once. Running handlers are told to end, which they do in the io_context's
  /// next turns: what they use must live until then; stop() waits for it.
  ~Server();

  /// With the port that the kernel chose.
  const Address& address() const;

  /// Stops accepting, closes idle connections, gives open requests `grace` to end, cancels what is
  /// left, and waits for it.
  boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

  /// Requests whose head has been read and whose answer is not yet written.
  std::size_t open_requests() const;
  /// Connections, also those whose head is still awaited.
  std::size_t connections() const;

  class State;

 private:
  explicit Server(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace muster::net
