#include "net/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "net/connection.hpp"
#include "net/timer.hpp"
#include "net/transport.hpp"

namespace muster::net {
namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds lane_patience{500};
constexpr std::chrono::milliseconds last_words{500};
constexpr std::size_t max_turned_away = 64;

}  // namespace

/// Kept alive by its coroutines, so that a Server may die at any moment.
class Server::State : public std::enable_shared_from_this<Server::State> {
 public:
  State(asio::any_io_executor executor, std::shared_ptr<Acceptor> acceptor, Handler handler,
        ServerLimits limits, RefusalHook on_refusal)
      : executor_(executor),
        acceptor_(std::move(acceptor)),
        empty_(executor, Wire::never),
        service_(std::make_shared<Service>()) {
    service_->handler = std::move(handler);
    service_->on_refusal = std::move(on_refusal);
    service_->limits = limits;
    service_->rules = {limits.relay, address().is_unix()};
    service_->lane = std::make_shared<BodyLane>(executor, lane_patience);
  }

  const Address& address() const { return acceptor_->address(); }
  std::size_t open_requests() const { return service_->open_requests; }
  std::size_t connections() const { return connections_.size(); }

  void start() {
    asio::co_spawn(
        executor_, [self = shared_from_this()] { return self->accept_loop(); },
        asio::bind_cancellation_slot(accepting_.slot(), asio::detached));
  }

  /// No further connection; the socket file is gone when this returns.
  void close_listener() {
    accepting_.emit(asio::cancellation_type::terminal);
    acceptor_->close();
  }

  void cancel_all() {
    for (auto& connection : copy_of_connections()) {
      connection->signal().emit(asio::cancellation_type::terminal);
    }
  }

  asio::awaitable<void> stop(std::chrono::milliseconds grace) {
    const auto self = shared_from_this();
    close_listener();
    for (auto& connection : copy_of_connections()) {
      if (!connection->busy()) connection->signal().emit(asio::cancellation_type::terminal);
    }
    co_await wait_until_empty(grace);
    for (auto& connection : copy_of_connections()) connection->cancel_handler();
    co_await wait_until_empty(last_words);
    cancel_all();
    co_await wait_until_empty(last_words);
  }

 private:
  using Connections = std::list<std::shared_ptr<Connection>>;

  /// Cancelling a coroutine may end it on the spot, which changes the list.
  Connections copy_of_connections() const { return connections_; }

  asio::awaitable<void> wait_until_empty(std::chrono::milliseconds time) {
    const auto end = SteadyClock::now() + time;
    while (!connections_.empty() && SteadyClock::now() < end) {
      empty_.expires_at(end);
      co_await empty_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  asio::awaitable<void> accept_loop() {
    for (;;) {
      auto wire = co_await acceptor_->accept();
      serve(std::move(wire));
    }
  }

  void serve(std::unique_ptr<Wire> wire) {
    const bool full = connections_.size() - turned_away_ >= service_->limits.connections;
    if (full && turned_away_ >= max_turned_away) return;
    if (full) ++turned_away_;
    auto connection = std::make_shared<Connection>(std::move(wire), service_);
    const auto place = connections_.insert(connections_.end(), connection);
    const auto done = [self = shared_from_this(), place, full](const std::exception_ptr&) {
      // Every failure of a connection has been answered or cannot be; what arrives here is
      // cancellation.
      self->connections_.erase(place);
      if (full) --self->turned_away_;
      if (self->connections_.empty()) self->empty_.cancel();
    };
    asio::co_spawn(
        executor_,
        [connection, full] { return full ? connection->turn_away() : connection->run(); },
        asio::bind_cancellation_slot(connection->signal().slot(), done));
  }

  asio::any_io_executor executor_;
  std::shared_ptr<Acceptor> acceptor_;
  Timer empty_;
  asio::cancellation_signal accepting_;
  std::shared_ptr<Service> service_;
  Connections connections_;
  std::size_t turned_away_ = 0;
};

Result<std::unique_ptr<Server>> Server::listen(asio::any_io_executor executor, Listen where,
                                               Handler handler, ServerLimits limits,
                                               RefusalHook on_refusal) {
  auto acceptor = transport().listen(executor, where);
  if (!acceptor) return acceptor.error();
  auto state = std::make_shared<State>(std::move(executor), std::move(*acceptor),
                                       std::move(handler), limits, std::move(on_refusal));
  state->start();
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
  state_->close_listener();
  state_->cancel_all();
}

const Address& Server::address() const {
  return state_->address();
}
std::size_t Server::open_requests() const {
  return state_->open_requests();
}
std::size_t Server::connections() const {
  return state_->connections();
}
asio::awaitable<void> Server::stop(std::chrono::milliseconds grace) {
  return state_->stop(grace);
}

}  // namespace muster::net
