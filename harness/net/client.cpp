#include "net/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/error.hpp>

#include "base/text.hpp"
#include "net/chunked.hpp"
#include "net/head.hpp"
#include "net/wire.hpp"

namespace muster::net {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t max_head_bytes = 64 * 1024;
constexpr std::size_t max_head_fields = 256;

/// A timeout that may be anything up to forever.
Wire::Deadline after(std::chrono::milliseconds time) {
  const auto now = SteadyClock::now();
  return time >= Timeouts::forever ? Wire::never : now + time;
}

bool may_have_body(const Request& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

void complete_headers(const Address& address, Request& request) {
  auto& headers = request.headers;
  if (!headers.has("Host")) headers.add("Host", host_header(address));
  headers.remove("Transfer-Encoding");
  headers.remove("Content-Length");
  headers.remove("Connection");
  if (may_have_body(request)) {
    headers.add("Content-Length", std::to_string(request.body.size()));
  }
  headers.add("Connection", "close");
}

/// A target or method with blanks or line ends would be another request.
bool is_sendable(const Request& request) {
  return is_token(request.method) && !request.target.empty() &&
         std::all_of(request.target.begin(), request.target.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
}

}  // namespace

struct ResponseStream::Impl {
  Impl(std::unique_ptr<Wire> connected, std::string name, Timeouts limits, Wire::Deadline last,
       bool without_body)
      : wire(std::move(connected)),
        label(std::move(name)),
        timeouts(limits),
        end(last),
        head_only(without_body) {}

  asio::awaitable<Result<void>> read_head();
  asio::awaitable<Result<void>> fill(Wire::Deadline deadline, std::string_view part);
  asio::awaitable<Result<std::string>> read_chunked();
  Error fail(std::string code, std::string_view what) const {
    return error(std::move(code), fmt::format("{}: {}", label, what));
  }
  Error fail(error_code failed, std::string_view part) const;
  Wire::Deadline within(std::chrono::milliseconds time) const { return std::min(after(time), end); }

  std::unique_ptr<Wire> wire;
  std::string label;
  Timeouts timeouts;
  Wire::Deadline end;  ///< of the whole exchange
  bool head_only, done = false;
  std::string input;
  ResponseHead head;
  Dechunker dechunker;
  std::uint64_t left = 0;
};

Error ResponseStream::Impl::fail(error_code failed, std::string_view part) const {
  if (failed == asio::error::timed_out) {
    return fail("timeout", fmt::format("no {} in time", part));
  }
  if (failed == asio::error::operation_aborted) return fail("cancelled", "cancelled");
  return fail("closed", fmt::format("the connection ended before the {} was whole ({})", part,
                                    failed.message()));
}

asio::awaitable<Result<void>> ResponseStream::Impl::fill(Wire::Deadline deadline,
                                                         std::string_view part) {
  char buffer[read_bytes];
  const auto outcome = co_await wire->read(buffer, deadline);
  if (outcome.error) co_return fail(outcome.error, part);
  input.append(buffer, outcome.bytes);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> ResponseStream::Impl::read_head() {
  const auto deadline = within(timeouts.head);
  for (;;) {
    HeadScanner scanner(max_head_bytes, max_head_fields);
    for (;;) {
      const auto state = scanner.scan(input);
      if (state == HeadScanner::State::refused) {
        co_return fail("malformed", scanner.refusal().message);
      }
      if (state == HeadScanner::State::complete) break;
      const auto filled = co_await fill(deadline, "response head");
      if (!filled) co_return filled.error();
    }
    auto parsed = parse_response_head(std::string_view(input).substr(0, scanner.length()));
    if (!parsed) co_return fail("malformed", parsed.error().message);
    input = input.substr(scanner.length());
    head = std::move(*parsed);
    if (head.response.status >= 200) break;
    if (head.response.status == 101) co_return fail("malformed", "nobody asked to upgrade");
  }
  const int status = head.response.status;
  left = head.framing.length.value_or(0);
  const bool empty = !head.framing.chunked && head.framing.length == std::uint64_t{0};
  done = head_only || status == 204 || status == 304 || empty;
  co_return Result<void>{};
}

asio::awaitable<Result<std::string>> ResponseStream::Impl::read_chunked() {
  std::string out;
  for (;;) {
    std::string_view rest = input;
    const auto state = dechunker.feed(rest, out);
    input.clear();
    if (state == Dechunker::State::malformed) {
      co_return fail("malformed", "the chunked coding of the response is broken");
    }
    done = state == Dechunker::State::done;
    if (done || !out.empty()) co_return out;
    const auto filled = co_await fill(within(timeouts.idle), "response body");
    if (!filled) co_return filled.error();
  }
}

ResponseStream::ResponseStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ResponseStream::ResponseStream(ResponseStream&&) noexcept = default;
ResponseStream& ResponseStream::operator=(ResponseStream&&) noexcept = default;
ResponseStream::~ResponseStream() = default;

const Response& ResponseStream::head() const {
  return impl_->head.response;
}

asio::awaitable<Result<ResponseStream>> ResponseStream::open(Address address, Request request,
                                                             Timeouts timeouts) {
  auto label = fmt::format("{} {} at {}", printable(request.method),
                           printable(shorten(request.target, 200)), to_string(address));
  if (!is_sendable(request)) {
    co_return error("malformed", label + ": the request has a malformed method or target");
  }
  complete_headers(address, request);
  const auto end = after(timeouts.total);
  auto wire = co_await Wire::connect(address, std::min(after(timeouts.connect), end));
  if (!wire) co_return wire.error();
  auto impl = std::make_unique<Impl>(std::move(*wire), std::move(label), timeouts, end,
                                     request.method == "HEAD");
  auto bytes = write_request_head(request);
  bytes += request.body;
  const auto sent = co_await impl->wire->write(bytes, impl->within(timeouts.head));
  // A server that refuses the body may have answered and closed while we were sending: its answer
  // is read first.
  const bool answer_possible =
      sent.error == asio::error::broken_pipe || sent.error == asio::error::connection_reset;
  if (sent.error && !answer_possible) co_return impl->fail(sent.error, "request");
  const auto read = co_await impl->read_head();
  if (!read) co_return read.error();
  co_return ResponseStream(std::move(impl));
}

asio::awaitable<Result<std::string>> ResponseStream::read() {
  auto& self = *impl_;
  if (self.done) co_return std::string();
  if (self.head.framing.chunked) co_return co_await self.read_chunked();
  const bool sized = self.head.framing.length.has_value();
  if (self.input.empty()) {
    const auto deadline = self.within(self.timeouts.idle);
    char buffer[read_bytes];
    const auto outcome = co_await self.wire->read(buffer, deadline);
    if (outcome.error == asio::error::eof && !sized) {
      self.done = true;
      co_return std::string();
    }
    if (outcome.error) co_return self.fail(outcome.error, "response body");
    self.input.assign(buffer, outcome.bytes);
  }
  auto out = std::exchange(self.input, {});
  if (sized) {
    if (out.size() > self.left) out.resize(self.left);
    self.left -= out.size();
    self.done = self.left == 0;
  }
  co_return out;
}

asio::awaitable<Result<Response>> send(Address address, Request request,
                                       std::chrono::milliseconds timeout, std::size_t max_body) {
  const Timeouts timeouts{timeout, timeout, timeout, timeout};
  auto stream = co_await ResponseStream::open(std::move(address), std::move(request), timeouts);
  if (!stream) co_return stream.error();
  auto response = stream->head();
  for (;;) {
    auto piece = co_await stream->read();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return response;
    response.body += *piece;
    if (response.body.size() > max_body) {
      co_return error("too_large", fmt::format("the response has more than {} bytes", max_body));
    }
  }
}

asio::awaitable<Result<void>> send_streaming(Address address, Request request, OnHead on_head,
                                             OnData on_data, Timeouts timeouts) {
  auto stream = co_await ResponseStream::open(std::move(address), std::move(request), timeouts);
  if (!stream) co_return stream.error();
  if (on_head && !co_await on_head(stream->head())) co_return Result<void>{};
  for (;;) {
    const auto piece = co_await stream->read();
    if (!piece) co_return piece.error();
    if (piece->empty() || !co_await on_data(*piece)) co_return Result<void>{};
  }
}

}  // namespace muster::net
