#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/client.hpp"
#include "net/sse.hpp"

namespace muster::net {

/// Reads an event stream over HTTP. It never reconnects by itself: the caller sees the cut and says
/// open() again, which then sends Last-Event-ID.
class EventStream {
 public:
  /// `request` is sent at each open() with `Accept: text/event-stream` added; a caller that signs
  /// requests sets `authorize`, which is called with the request of each attempt.
  EventStream(Address address, Request request, Timeouts timeouts = {},
              std::function<void(Request&)> authorize = {});

  /// Connects, resuming after last_event_id(). Errors, beside the client's: `sse_ended` (204: the
  /// server says not to come back), `sse_status` (neither 200 nor 204), `sse_content_type`.
  boost::asio::awaitable<Result<void>> open();

  /// The next event; nullopt when the server ended the stream. Errors: the client's (`closed` for a
  /// cut, `timeout` after Timeouts::idle without a byte), `too_large` for an event above 1 MiB.
  /// After an error or the end, open() resumes.
  boost::asio::awaitable<Result<std::optional<SseEvent>>> next();

  /// Ends the connection; open() may follow.
  void close();

  const std::string& last_event_id() const { return last_event_id_; }
  void set_last_event_id(std::string id) { last_event_id_ = std::move(id); }
  /// Status and headers of the last response, status 0 before the first.
  const Response& head() const { return head_; }
  std::optional<std::uint64_t> retry_ms() const { return retry_ms_; }

 private:
  Address address_;
  Request request_;
  Timeouts timeouts_;
  std::function<void(Request&)> authorize_;
  std::string last_event_id_;
  std::optional<std::uint64_t> retry_ms_;
  Response head_;
  std::optional<ResponseStream> stream_;
  std::unique_ptr<SseParser> parser_;
  std::shared_ptr<std::deque<SseEvent>> ready_ = std::make_shared<std::deque<SseEvent>>();
};

}  // namespace muster::net
