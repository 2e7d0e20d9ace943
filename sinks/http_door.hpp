#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/observe.hpp"
#include "sinks/faults.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

/// The door for programs in any language: `POST /ingest` over HTTP with one event as its body, 204
/// once it is recorded. What is no event is answered 400, what the sink refuses 503; neither is
/// recorded. `GET /healthz` answers 200. A producer that waits for its answer before it acts keeps
/// the order of its events, as at the unix door.
///
/// Observes as Intake. Lives on one executor: made, used and destroyed on its thread.
class HttpDoor {
 public:
  /// Listens at `address` (`127.0.0.1:0`, `unix:/path`). `sink` and `observer` are borrowed. Errors
  /// of net::parse_address and net::Server.
  static Result<std::unique_ptr<HttpDoor>> open(boost::asio::any_io_executor executor,
                                                const std::string& address, Sink& sink,
                                                Observer& observer);
  ~HttpDoor();

  /// `http://127.0.0.1:PORT/ingest`; the socket's path where it is a unix socket.
  std::string address() const;

  /// Its faults; a refused write is answered 503, a dropped answer is a reset connection. Any
  /// thread.
  Faults& faults();

  /// Stops listening and waits for the requests that are open.
  boost::asio::awaitable<void> stop();

 private:
  struct State;
  explicit HttpDoor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace muster::sinks
