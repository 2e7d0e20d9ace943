#include "sinks/http_door.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "base/text.hpp"
#include "net/server.hpp"
#include "net/timer.hpp"
#include "sinks/intake.hpp"

namespace muster::sinks {
namespace asio = boost::asio;

struct HttpDoor::State {
  State(Sink& sink, Observer& observer) : intake(sink, observer) {}

  asio::awaitable<net::Response> answer(const net::Request& request);
  asio::awaitable<net::Response> take(const std::string& body);

  Intake intake;
  Faults faults;
  std::unique_ptr<net::Server> server;
};

namespace {

constexpr std::chrono::milliseconds kGrace{2'000};
constexpr std::size_t kShown = 500;  // bytes of what is wrong with an event

net::Response only(const char* method) {
  auto response = net::Response::error(405, "method_not_allowed",
                                       std::string("this path takes ") + method + " alone");
  response.headers.add("Allow", method);
  return response;
}

net::Response no_content() {
  net::Response response;
  response.status = 204;
  return response;
}

}  // namespace

asio::awaitable<net::Response> HttpDoor::State::take(const std::string& body) {
  std::string program = "unknown";
  const Faults::Orders orders = faults.next();
  if (orders.delay.count() > 0) {
    net::Timer pause(co_await asio::this_coro::executor, orders.delay);
    try {
      co_await pause.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      // the server cancels who went away
      intake.refused(program, "gave_up", "the producer closed before the delayed write was taken",
                     body);
      throw;
    }
  }
  if (orders.refuse) {
    intake.refused(program, "injected", "the sink was told to refuse this write", body);
    co_return net::Response::error(503, "sink_refused", "the sink was told to refuse this write",
                                   true);
  }
  const auto accepted = intake.record(body, program);
  if (accepted) co_return orders.drop_ack ? net::Response::none() : no_content();
  const Error& why = accepted.error();
  const bool its_own = why.code.rfind("sink_", 0) == 0;
  std::string message = printable(shorten(why.message, kShown));
  if (why.place.line > 0) {
    message += " (line " + std::to_string(why.place.line) + ", column " +
               std::to_string(why.place.column) + ")";
  }
  co_return net::Response::error(its_own ? 503 : 400, why.code, message, false);
}

asio::awaitable<net::Response> HttpDoor::State::answer(const net::Request& request) {
  if (request.path == "/healthz") {
    if (request.method != "GET") co_return only("GET");
    co_return net::Response::json(200, Json{{"ok", true}});
  }
  if (request.path != "/ingest")
    co_return net::Response::error(404, "not_found", "events are taken at POST /ingest");
  if (request.method != "POST") co_return only("POST");
  co_return co_await take(request.body);
}

Result<std::unique_ptr<HttpDoor>> HttpDoor::open(asio::any_io_executor executor,
                                                 const std::string& address, Sink& sink,
                                                 Observer& observer) {
  auto where = net::parse_address(address);
  if (!where) return where.error();
  auto state = std::make_unique<State>(sink, observer);
  State* const shared = state.get();
  auto server = net::Server::listen(
      std::move(executor), {std::move(*where), {}},
      [shared](const net::Request& request) { return shared->answer(request); }, {},
      [shared](const net::Request& request, const net::Response& response) {
        shared->intake.refused("unknown", "http_" + std::to_string(response.status),
                               "no request that could be read", request.body);
      });
  if (!server) return server.error();
  state->server = std::move(*server);
  return std::unique_ptr<HttpDoor>(new HttpDoor(std::move(state)));
}

HttpDoor::HttpDoor(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpDoor::~HttpDoor() = default;

std::string HttpDoor::address() const {
  const net::Address& where = state_->server->address();
  return where.is_unix() ? net::to_string(where) : "http://" + net::to_string(where) + "/ingest";
}

Faults& HttpDoor::faults() {
  return state_->faults;
}

asio::awaitable<void> HttpDoor::stop() {
  co_await state_->server->stop(kGrace);
}

}  // namespace muster::sinks
