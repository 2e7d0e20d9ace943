#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "judge/bench.hpp"
#include "judge/rule.hpp"
#include "net/client.hpp"
#include "net/io_thread.hpp"
#include "net/sse.hpp"

namespace muster::judge {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

namespace {

constexpr milliseconds kAnswerWithin{10'000};
constexpr std::size_t kShownBody = 300;
constexpr std::size_t kMaxBody = 8U << 20U;

std::string asked(const net::Request& request) {
  std::string text = request.method + " " + request.target;
  if (!request.body.empty()) text += " " + shorten(request.body, 200);
  return text;
}

asio::awaitable<Heard> read_pieces(net::Address where, net::Request request, milliseconds patience,
                                   std::function<bool(std::string_view)> enough) {
  Heard heard;
  heard.head.asked = asked(request);
  net::Timeouts timeouts;
  timeouts.head = kAnswerWithin;
  timeouts.idle = patience;
  timeouts.total = patience + kAnswerWithin;
  auto stream = co_await net::ResponseStream::open(std::move(where), std::move(request), timeouts);
  if (!stream) {
    heard.head.failure = stream.error().message;
    co_return heard;
  }
  heard.head.status = stream->head().status;
  heard.head.headers = stream->head().headers;
  auto last = Steady::now();
  const auto deadline = last + patience;
  while (heard.body.size() < kMaxBody && Steady::now() < deadline) {
    const auto piece = co_await stream->read();
    const auto now = Steady::now();
    heard.longest_pause =
        std::max(heard.longest_pause, std::chrono::duration_cast<milliseconds>(now - last));
    last = now;
    if (!piece) {
      heard.head.failure = piece.error().message;
      break;
    }
    if (piece->empty()) {
      heard.ended = true;
      break;
    }
    heard.body += *piece;
    if (enough && enough(heard.body)) break;
  }
  co_return heard;
}

}  // namespace

Json Answer::json() const {
  auto parsed = parse_json(body);
  return parsed ? std::move(*parsed) : Json();
}

std::string Answer::text() const {
  if (status == 0) return asked + " → no answer: " + failure;
  return asked + " → " + std::to_string(status) + " " + shorten(trim(body), kShownBody);
}

std::vector<Heard::Event> Heard::events() const {
  std::vector<Event> events;
  net::SseParser parser([&](const net::SseEvent& event) {
    auto frame = parse_json(event.data);
    events.push_back({event.id, event.data, frame ? std::move(*frame) : Json()});
  });
  parser.feed(body);
  return events;
}

Answer Bench::ask(const net::Address& where, net::Request request) const {
  Answer answer;
  answer.asked = asked(request);
  const bool provisions = request.target == "/v1/provision" || request.target == "/v1/upgrade";
  const auto got = io().await(net::send(where, std::move(request), kAnswerWithin, kMaxBody));
  if (!got) {
    answer.failure = got.error().message;
    return answer;
  }
  answer.status = got->status;
  answer.headers = got->headers;
  answer.body = got->body;
  if (provisions && answer.status == 200 && answer.json().is_object())
    provisioned_.push_back(answer.json());
  return answer;
}

Answer Bench::ask(const net::Address& where, const std::string& method, const std::string& target,
                  const Json& body, const net::Headers& headers) const {
  net::Request request;
  request.method = method;
  request.target = target;
  request.headers = headers;
  if (body.is_string())
    request.body = body.get<std::string>();
  else if (!body.is_null())
    request.body = dump_json(body);
  if (!request.body.empty()) request.headers.set("Content-Type", "application/json");
  return ask(where, std::move(request));
}

Heard Bench::hear(const net::Address& where, net::Request request, milliseconds patience,
                  std::function<bool(std::string_view)> enough) const {
  return io().await(read_pieces(where, std::move(request), patience, std::move(enough)));
}

UniqueFd Bench::leave_open(const net::Address& where, const net::Request& request) const {
  const bool local = where.is_unix();
  UniqueFd fd(::socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  int connected = -1;
  if (local) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    where.path.copy(name.sun_path, sizeof name.sun_path - 1);
    connected = ::connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name);
  } else {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(where.port);
    ::inet_pton(AF_INET, where.host.c_str(), &name.sin_addr);
    connected = ::connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name);
  }
  const std::string bytes = request.method + " " + request.target +
                            " HTTP/1.1\r\nHost: " + net::host_header(where) +
                            "\r\nContent-Type: application/json\r\nContent-Length: " +
                            std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
  if (connected != 0 || ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
                            static_cast<ssize_t>(bytes.size()))
    throw Untried{"no connection to " + net::to_string(where)};
  return fd;
}

Answer Bench::as(const std::string& role, const std::string& method, const std::string& target,
                 const Json& body) const {
  net::Headers headers;
  if (!role.empty()) headers.set("Authorization", "Bearer " + token(role));
  return ask(console_address_, method, target, body, headers);
}

net::Request Bench::signed_request(const std::string& method, const std::string& target,
                                   const std::string& body) const {
  net::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.headers.set(
      "Authorization",
      net::bearer_sign(keys(), net::BearerMode::m1, method, target, body).value_or_throw());
  return request;
}

Answer Bench::signed_ask(const std::string& method, const std::string& target,
                         const Json& body) const {
  std::string text;
  if (body.is_string())
    text = body.get<std::string>();
  else if (!body.is_null())
    text = dump_json(body);
  return ask(ralph_address_, signed_request(method, target, text));
}

}  // namespace muster::judge
