#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>
#include <string>

#include "net/body_lane.hpp"
#include "net/head.hpp"
#include "net/server.hpp"
#include "net/timer.hpp"
#include "net/wire.hpp"

namespace muster::net {

/// What the connections of a server have in common.
struct Service {
  Handler handler;
  RefusalHook on_refusal;
  ServerLimits limits;
  HeadRules rules;
  std::shared_ptr<BodyLane> lane;
  std::size_t open_requests = 0;
};

/// One connection of a server: one request, one answer, a lingering close. Must be alive until
/// run() has ended.
class Connection {
 public:
  Connection(std::unique_ptr<Wire> wire, std::shared_ptr<Service> service);

  /// Serves the request. Throws only when the coroutine is cancelled.
  boost::asio::awaitable<void> run();
  /// Answers 503 whatever the request is.
  boost::asio::awaitable<void> turn_away();

  /// Between the end of the request's head and the end of its answer.
  bool busy() const { return busy_; }
  /// Cancels the handler, as if the client had gone; the answer is still tried.
  void cancel_handler() { interrupt_.expires_at(SteadyClock::time_point::min()); }
  /// Ends run() at its next suspension.
  boost::asio::cancellation_signal& signal() { return signal_; }

 private:
  boost::asio::awaitable<std::optional<Refusal>> read_request(Request& request);
  boost::asio::awaitable<std::optional<Refusal>> read_head(RequestHead& head);
  boost::asio::awaitable<std::optional<Refusal>> read_body(const Framing& framing,
                                                           std::string& body);
  boost::asio::awaitable<std::optional<Refusal>> answer_expectation(const Framing& framing);
  boost::asio::awaitable<boost::system::error_code> read_more(Wire::Deadline deadline);

  boost::asio::awaitable<void> answer(const Request& request, Response response);
  boost::asio::awaitable<void> refuse(const Request& request, Refusal refusal);
  boost::asio::awaitable<void> stream(const Response& response, bool chunked);
  boost::asio::awaitable<void> linger();
  boost::asio::awaitable<Response> call_handler(const Request& request);
  /// Runs `work` until it ends, the peer goes away, or cancel_handler(); then `work` is cancelled
  /// and waited for.
  boost::asio::awaitable<void> while_peer_waits(boost::asio::awaitable<void> work);
  boost::asio::awaitable<void> watch_peer();
  boost::asio::awaitable<void> await_interrupt();

  std::unique_ptr<Wire> wire_;
  std::shared_ptr<Service> service_;
  Timer interrupt_;
  boost::asio::cancellation_signal signal_;
  std::string input_;  ///< received and not yet used
  bool gone_ = false, busy_ = false;
};

}  // namespace muster::net
