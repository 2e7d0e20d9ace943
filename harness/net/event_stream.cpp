#include "net/event_stream.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::net {
namespace asio = boost::asio;

EventStream::EventStream(Address address, Request request, Timeouts timeouts,
                         std::function<void(Request&)> authorize)
    : address_(std::move(address)),
      request_(std::move(request)),
      timeouts_(timeouts),
      authorize_(std::move(authorize)) {}

asio::awaitable<Result<void>> EventStream::open() {
  close();
  auto request = request_;
  request.headers.set("Accept", "text/event-stream");
  request.headers.set("Cache-Control", "no-store");
  if (!last_event_id_.empty()) request.headers.set("Last-Event-ID", last_event_id_);
  if (authorize_) authorize_(request);
  const auto where = fmt::format("{} at {}", printable(request.target), to_string(address_));
  auto opened = co_await ResponseStream::open(address_, std::move(request), timeouts_);
  if (!opened) co_return opened.error();
  head_ = opened->head();
  if (head_.status == 204) {
    co_return error("sse_ended", fmt::format("{}: the stream has ended (204)", where));
  }
  if (head_.status != 200) {
    co_return error("sse_status", fmt::format("{}: status {} for a stream", where, head_.status));
  }
  const auto type = head_.headers.get("Content-Type");
  const auto essence = trim(std::string_view(type).substr(0, type.find(';')));
  if (!iequals(essence, "text/event-stream")) {
    co_return error("sse_content_type",
                    fmt::format("{}: the content type is `{}`, not text/event-stream", where,
                                printable(shorten(type, 100))));
  }
  stream_.emplace(std::move(*opened));
  parser_ = std::make_unique<SseParser>(
      [ready = ready_](const SseEvent& event) { ready->push_back(event); }, last_event_id_);
  co_return Result<void>{};
}

asio::awaitable<Result<std::optional<SseEvent>>> EventStream::next() {
  using Next = std::optional<SseEvent>;
  while (ready_->empty()) {
    if (!stream_) co_return error("closed", "the event stream is not open");
    const auto piece = co_await stream_->read();
    if (!piece) {
      close();
      co_return piece.error();
    }
    if (piece->empty()) {
      close();
      co_return Next{};
    }
    parser_->feed(*piece);
    if (parser_->retry_ms()) retry_ms_ = parser_->retry_ms();
    if (ready_->empty()) last_event_id_ = parser_->last_event_id();
    if (parser_->overflowed()) {
      close();
      co_return error("too_large", "an event of the stream is too large");
    }
  }
  Next event = std::move(ready_->front());
  ready_->pop_front();
  // Only what the caller has been given counts as seen.
  last_event_id_ = event->id;
  co_return event;
}

void EventStream::close() {
  stream_.reset();
  parser_.reset();
  ready_->clear();
}

}  // namespace muster::net
