// The reading half of a connection. What a peer can make us keep is bounded: the head by its
// limits, the body by its share or the one lane, and the input buffer by one read.
#include <algorithm>
#include <boost/asio/error.hpp>

#include "net/chunked.hpp"
#include "net/connection.hpp"

namespace muster::net {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t read_bytes = 8 * 1024;
constexpr std::chrono::milliseconds lane_check{100};

Refusal late(std::string message) {
  return {408, "request_timeout", std::move(message)};
}
Refusal too_large() {
  return {413, "body_too_large", "the body is too large"};
}
/// The peer is gone; nobody reads this.
Refusal gone() {
  return {0, "closed", {}};
}

Refusal read_failure(error_code failed, std::string_view part) {
  if (failed == asio::error::timed_out) {
    return late("the " + std::string(part) + " did not come in time");
  }
  return gone();
}

}  // namespace

asio::awaitable<error_code> Connection::read_more(Wire::Deadline deadline) {
  char buffer[read_bytes];
  const auto outcome = co_await wire_->read(buffer, deadline);
  input_.append(buffer, outcome.bytes);
  co_return outcome.error;
}

asio::awaitable<std::optional<Refusal>> Connection::read_head(RequestHead& head) {
  const auto& limits = service_->limits;
  const auto deadline = SteadyClock::now() + limits.head;
  HeadScanner scanner(limits.head_bytes, limits.head_fields);
  for (;;) {
    const auto state = scanner.scan(input_);
    if (state == HeadScanner::State::refused) co_return scanner.refusal();
    if (state == HeadScanner::State::complete) break;
    const auto failed = co_await read_more(deadline);
    if (failed) co_return read_failure(failed, "head");
  }
  auto parsed =
      parse_request_head(std::string_view(input_).substr(0, scanner.length()), service_->rules);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) co_return std::move(*refusal);
  head = std::get<RequestHead>(std::move(parsed));
  input_ = input_.substr(scanner.length());
  co_return std::nullopt;
}

asio::awaitable<std::optional<Refusal>> Connection::answer_expectation(const Framing& framing) {
  const bool body_comes = framing.chunked || framing.length.value_or(0) > 0;
  if (!framing.expects_continue || !body_comes || !input_.empty()) co_return std::nullopt;
  const auto deadline = SteadyClock::now() + service_->limits.write;
  const auto outcome = co_await wire_->write("HTTP/1.1 100 Continue\r\n\r\n", deadline);
  if (outcome.error) co_return gone();
  co_return std::nullopt;
}

asio::awaitable<std::optional<Refusal>> Connection::read_body(const Framing& framing,
                                                              std::string& body) {
  const auto& limits = service_->limits;
  const std::uint64_t length = framing.length.value_or(0);
  if (!framing.chunked && length > limits.body_bytes) co_return too_large();
  if (auto refusal = co_await answer_expectation(framing)) co_return refusal;
  const auto deadline = SteadyClock::now() + limits.body;
  Dechunker dechunker(limits.body_bytes);
  std::unique_ptr<BodyLane::Place> place;
  // not as it grows, which would take up to twice the share
  body.reserve(framing.chunked ? limits.body_share
                               : std::min<std::size_t>(length, limits.body_share));
  for (;;) {
    std::string_view rest = input_;
    if (framing.chunked) {
      const auto state = dechunker.feed(rest, body);
      if (state == Dechunker::State::done) break;
      if (state == Dechunker::State::too_large) co_return too_large();
      if (state == Dechunker::State::malformed) {
        co_return Refusal{400, "bad_request", "the chunked coding is malformed"};
      }
    } else {
      const auto count = std::min<std::size_t>(length - body.size(), rest.size());
      body.append(rest.substr(0, count));
      rest.remove_prefix(count);
      if (body.size() == length) break;
    }
    input_.clear();
    if (!place && body.size() + read_bytes > limits.body_share) {
      input_ = std::string();  // nothing is read while others have their turn
      place = co_await service_->lane->enter(deadline);
      if (!place) co_return Refusal{503, "busy", "too many large bodies at once"};
      place->make_room(body,
                       framing.chunked ? limits.body_bytes : static_cast<std::size_t>(length));
    }
    const auto lane_deadline = place ? place->deadline() : Wire::never;
    const auto now = SteadyClock::now();
    const auto until = std::min(deadline, lane_deadline);
    const auto failed = co_await read_more(place ? std::min(until, now + lane_check) : until);
    // A short wait ran out only to look whether others wait for the lane.
    if (failed == asio::error::timed_out && SteadyClock::now() < until) continue;
    if (failed) co_return read_failure(failed, "body");
  }
  if (place) place->completed();
  input_ = std::string();
  if (body.capacity() > 2 * body.size()) body.shrink_to_fit();
  co_return std::nullopt;
}

asio::awaitable<std::optional<Refusal>> Connection::read_request(Request& request) {
  RequestHead head;
  if (auto refusal = co_await read_head(head)) co_return refusal;
  busy_ = true;
  ++service_->open_requests;
  request = std::move(head.request);
  co_return co_await read_body(head.framing, request.body);
}

}  // namespace muster::net
