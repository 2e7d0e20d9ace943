#include "net/connection.hpp"

#include <fmt/format.h>
#include <time.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::net {
namespace asio = boost::asio;

namespace {

constexpr std::size_t max_unasked_bytes = 64 * 1024;
constexpr std::chrono::milliseconds linger_idle{500};

Wire::Deadline after(std::chrono::milliseconds time) {
  return SteadyClock::now() + time;
}

/// IMF-fixdate of now (RFC 9110 section 5.6.7), in English whatever the locale.
std::string http_date() {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const time_t now = system_clock().wall().seconds;
  tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[parts.tm_wday], parts.tm_mday,
                     months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                     parts.tm_sec);
}

bool bodiless(int status) {
  return status == 204 || status == 304;
}

/// Writes a streamed body, in chunks or as it is.
class WireWriter final : public BodyWriter {
 public:
  WireWriter(Wire& wire, bool chunked, std::chrono::milliseconds patience)
      : wire_(wire), chunked_(chunked), patience_(patience) {}

  asio::awaitable<bool> write(std::string_view bytes) override {
    if (broken_) co_return false;
    if (bytes.empty()) co_return true;  // an empty chunk would be the last one
    std::string piece;
    if (chunked_) {
      piece.reserve(bytes.size() + 16);
      fmt::format_to(std::back_inserter(piece), "{:x}\r\n", bytes.size());
      piece.append(bytes);
      piece += "\r\n";
      bytes = piece;
    }
    const auto outcome = co_await wire_.write(bytes, after(patience_));
    broken_ = static_cast<bool>(outcome.error);
    co_return !broken_;
  }

 private:
  Wire& wire_;
  bool chunked_, broken_ = false;
  std::chrono::milliseconds patience_;
};

}  // namespace

Connection::Connection(std::unique_ptr<Wire> wire, std::shared_ptr<Service> service)
    : wire_(std::move(wire)),
      service_(std::move(service)),
      interrupt_(wire_->executor(), Wire::never) {}

asio::awaitable<void> Connection::run() {
  struct Leave {
    Connection& self;
    ~Leave() {
      if (std::exchange(self.busy_, false)) --self.service_->open_requests;
    }
  };
  {
    const Leave leave{*this};
    Request request;
    auto refusal = co_await read_request(request);
    if (refusal) {
      if (refusal->status == 0) co_return;
      co_await refuse(request, std::move(*refusal));
    } else {
      std::optional<Response> response;
      const auto call = [&]() -> asio::awaitable<void> {
        response = co_await call_handler(request);
      };
      co_await while_peer_waits(call());
      co_await answer(request, std::move(*response));
    }
  }
  co_await linger();
}

asio::awaitable<void> Connection::turn_away() {
  const Request unread;
  Refusal full{503, "too_many_connections", "too many connections"};
  co_await refuse(unread, std::move(full));
  co_await linger();
}

asio::awaitable<Response> Connection::call_handler(const Request& request) {
  std::string what;
  try {
    co_return co_await service_->handler(request);
  } catch (const boost::system::system_error& failure) {
    if (failure.code() == asio::error::operation_aborted) {
      co_return Response::error(499, "context_canceled", "the request was cancelled", true);
    }
    what = failure.what();
  } catch (const std::exception& failure) {
    what = failure.what();
  }
  co_return Response::error(500, "internal_error", printable(shorten(redact(what), 200)));
}

asio::awaitable<void> Connection::while_peer_waits(asio::awaitable<void> work) {
  using namespace asio::experimental::awaitable_operators;
  co_await (std::move(work) || watch_peer() || await_interrupt());
}

asio::awaitable<void> Connection::watch_peer() {
  char buffer[512];
  for (std::size_t unasked = 0; unasked <= max_unasked_bytes;) {
    const auto outcome = co_await wire_->read(buffer, Wire::never);
    if (outcome.error) {
      gone_ = outcome.error != asio::error::operation_aborted;
      co_return;
    }
    unasked += outcome.bytes;
  }
}

asio::awaitable<void> Connection::await_interrupt() {
  co_await interrupt_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> Connection::refuse(const Request& request, Refusal refusal) {
  const auto response = Response::error(refusal.status, refusal.code, refusal.message,
                                        refusal.status == 503 || refusal.status == 408);
  if (service_->on_refusal) service_->on_refusal(request, response);
  // g++ 12 destroys an aggregate that is a temporary of a co_await expression twice, so this one
  // has a name.
  const Request none;
  co_await answer(none, response);
}

asio::awaitable<void> Connection::answer(const Request& request, Response response) {
  if (response.status < 200 || response.status > 999) {
    wire_->reset();
    gone_ = true;
    co_return;
  }
  auto& headers = response.headers;
  const bool head_only = request.method == "HEAD" || bodiless(response.status);
  const bool streams = response.stream && !head_only;
  const bool sized = headers.has("Content-Length");
  headers.remove("Transfer-Encoding");
  headers.remove("Connection");
  if (streams && !sized) headers.add("Transfer-Encoding", "chunked");
  if (!response.stream && !bodiless(response.status) && !(head_only && sized)) {
    headers.set("Content-Length", std::to_string(response.body.size()));
  }
  if (response.status == 204) headers.remove("Content-Length");
  if (!headers.has("Date")) headers.add("Date", http_date());
  headers.add("Connection", "close");
  auto bytes = write_response_head(response);
  if (!head_only && !streams) bytes += response.body;
  const auto outcome = co_await wire_->write(bytes, after(service_->limits.write));
  if (outcome.error) gone_ = true;
  if (streams && !gone_) co_await stream(response, !sized);
}

asio::awaitable<void> Connection::stream(const Response& response, bool chunked) {
  bool whole = false;
  const auto produce = [&]() -> asio::awaitable<void> {
    WireWriter writer(*wire_, chunked, service_->limits.write);
    try {
      co_await response.stream(writer);
      whole = true;
    } catch (const std::exception&) {
      // Without its end the body is visibly truncated, which is all that can still be said.
      whole = false;
    }
  };
  co_await while_peer_waits(produce());
  if (whole && chunked && !gone_) {
    const auto outcome = co_await wire_->write("0\r\n\r\n", after(service_->limits.write));
    gone_ = gone_ || outcome.error;
  }
}

asio::awaitable<void> Connection::linger() {
  if (gone_) co_return;
  wire_->finish_sending();
  const auto end = after(service_->limits.linger);
  char buffer[4096];
  for (;;) {
    const auto outcome = co_await wire_->read(buffer, std::min(end, after(linger_idle)));
    if (outcome.error) co_return;
  }
}

}  // namespace muster::net
