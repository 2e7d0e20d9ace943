#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::events {

/// How a producer reaches its sink.
struct EmitOptions {
  std::string program;  ///< first part of `source`, e.g. `console`
  /// `unix:/path`, the value of MUSTER_SINK. Empty: each emit is refused as `sink_unreachable`,
  /// because an act that cannot be recorded must not happen.
  std::string address;
  std::chrono::milliseconds ack_timeout{2'000};  ///< from the start of an emit's turn to its ack
};

/// The producer's side of a sink. One JSON line per event, then one byte of answer: `+` accepted,
/// `-` refused and not recorded. `emit` returns after the answer, so on one host the order of
/// arrival is the causal order.
///
/// Connects at the first emit and again after a lost connection. To be used from one io_context;
/// concurrent emits are sent one at a time in the order in which they were called. A refused event
/// gives its `src_seq` back; an event whose fate is unknown (no answer, connection lost after the
/// write) keeps it, so that the sink's continuity report names the loss.
class EmitClient {
 public:
  EmitClient(boost::asio::any_io_executor executor, EmitOptions options);
  ~EmitClient();
  EmitClient(EmitClient&&) noexcept;
  EmitClient& operator=(EmitClient&&) noexcept;

  /// Sends one event and waits for its answer. `actor` is `{user, role}` or null. Errors:
  /// `sink_refused` (answer `-`), `sink_timeout` (no answer in `ack_timeout`), `sink_unreachable`
  /// (no connection, or it closed before the answer).
  boost::asio::awaitable<Result<void>> emit(std::string event, Json actor,
                                            std::string workspace_slug,
                                            std::optional<std::string> run_id = std::nullopt,
                                            Json payload = Json::object());

  /// Program name "/" 8 random hex digits, the same for the life of the client.
  const std::string& source() const;

  /// Closes the connection; an emit under way ends with `sink_unreachable`.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::events
