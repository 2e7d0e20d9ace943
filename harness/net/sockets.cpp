// The transport of the machine: TCP and unix sockets.

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "base/in_place.hpp"
#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"
#include "net/listener.hpp"
#include "net/transport.hpp"

namespace muster::net {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto plain = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds accept_pause{20};

/// Races an operation against a timer. The operation's result counts whenever it has one.
template <class Operation>
asio::awaitable<IoOutcome> within(Operation operation, Timer& timer, Wire::Deadline deadline) {
  if (deadline == Wire::never) {
    auto [failed, bytes] = co_await std::move(operation)(plain);
    co_return IoOutcome{failed, bytes};
  }
  timer.expires_at(deadline);
  auto group = asio::experimental::make_parallel_group(std::move(operation),
                                                       timer.async_wait(asio::deferred));
  const auto [order, failed, bytes, timer_failed] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const bool ran_out = order[0] == 1 && !timer_failed;
  if (ran_out && failed == asio::error::operation_aborted) {
    co_return IoOutcome{asio::error::timed_out, bytes};
  }
  co_return IoOutcome{failed, bytes};
}

Error connect_error(int number, const Address& address) {
  const std::string_view code = number == ECONNREFUSED ? "connect_refused"
                                : number == ENOENT     ? "connect_missing"
                                : number == ETIMEDOUT  ? "timeout"
                                                       : "connect_failed";
  return error(std::string(code),
               fmt::format("cannot connect to {}: {}", to_string(address), strerror(number)));
}

Error late(const Address& address) {
  return error("timeout",
               fmt::format("cannot connect to {}: no answer in time", to_string(address)));
}

Error cancelled(const Address& address) {
  return error("cancelled", fmt::format("the connection to {} was given up", to_string(address)));
}

/// Resolves a host name. getaddrinfo cannot be interrupted, so a name costs a thread of Asio's;
/// literal addresses never come here.
asio::awaitable<Result<Endpoint>> resolve(Address address) {
  asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
  auto [failed, found] =
      co_await resolver.async_resolve(address.host, std::to_string(address.port), plain);
  if (failed || found.empty()) {
    co_return error("resolve_failed",
                    fmt::format("cannot resolve {}: {}", to_string(address), failed.message()));
  }
  const auto chosen = found.begin()->endpoint();
  Endpoint out;
  out.size = static_cast<socklen_t>(chosen.size());
  memcpy(&out.storage, chosen.data(), chosen.size());
  co_return out;
}

class Socket final : public Wire {
 public:
  Socket(asio::any_io_executor executor, UniqueFd connected, bool is_unix)
      : socket_(executor), read_timer_(executor), write_timer_(executor) {
    const int family = is_unix ? AF_UNIX : AF_INET;  // Asio uses it for opening only
    if (!is_unix) {
      const int on = 1;
      ::setsockopt(connected.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    socket_.assign(asio::generic::stream_protocol(family, is_unix ? 0 : IPPROTO_TCP),
                   connected.get());
    connected.release();
  }

  asio::awaitable<IoOutcome> read(std::span<char> into, Deadline deadline) override {
    co_return co_await within(
        socket_.async_read_some(asio::buffer(into.data(), into.size()), asio::deferred),
        read_timer_, deadline);
  }

  asio::awaitable<IoOutcome> write(std::string_view bytes, Deadline deadline) override {
    co_return co_await within(
        asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), asio::deferred),
        write_timer_, deadline);
  }

  void finish_sending() override {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  }

  void reset() override {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  asio::any_io_executor executor() override { return socket_.get_executor(); }

  /// Waits for a connect() under way.
  asio::awaitable<Result<void>> connected(const Address& address, Deadline deadline) {
    write_timer_.expires_at(deadline);
    auto group = asio::experimental::make_parallel_group(
        socket_.async_wait(asio::socket_base::wait_write, asio::deferred),
        write_timer_.async_wait(asio::deferred));
    const auto [order, failed, timer_failed] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (failed) co_return timer_failed ? cancelled(address) : late(address);
    int pending = 0;
    socklen_t size = sizeof pending;
    ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &pending, &size);
    if (pending != 0) co_return connect_error(pending, address);
    co_return Result<void>{};
  }

 private:
  asio::generic::stream_protocol::socket socket_;
  Timer read_timer_, write_timer_;
};

class SocketAcceptor final : public Acceptor {
 public:
  SocketAcceptor(asio::any_io_executor executor, Listener listener)
      : executor_(executor),
        address_(listener.address()),
        listener_(std::move(listener)),
        ready_(std::move(executor)) {
    ready_.assign(listener_->descriptor());
  }
  ~SocketAcceptor() override { close(); }

  const Address& address() const override { return address_; }

  asio::awaitable<std::unique_ptr<Wire>> accept() override {
    while (listener_) {
      UniqueFd fd = listener_->accept();
      if (fd) co_return std::make_unique<Socket>(executor_, std::move(fd), address_.is_unix());
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EAGAIN) {
        // Out of descriptors or memory: those who wait stay in the backlog until there is room
        // again.
        co_await pause_for(accept_pause);
        continue;
      }
      co_await ready_.async_wait(asio::posix::descriptor_base::wait_read, asio::use_awaitable);
    }
    throw boost::system::system_error(asio::error::operation_aborted);
  }

  void close() override {
    if (!listener_) return;
    ready_.release();
    listener_.reset();
  }

 private:
  asio::any_io_executor executor_;
  Address address_;
  std::optional<Listener> listener_;
  asio::posix::stream_descriptor ready_;  ///< watches the listener's descriptor; does not own it
};

class Sockets final : public Transport {
 public:
  asio::awaitable<Result<std::unique_ptr<Wire>>> connect(Address address,
                                                         Wire::Deadline deadline) override {
    const auto executor = co_await asio::this_coro::executor;
    auto endpoint = literal_endpoint(address);
    if (!endpoint && endpoint.error().code == "address_name") {
      endpoint = co_await resolve(address);
    }
    if (!endpoint) co_return endpoint.error();
    for (;;) {
      UniqueFd fd(::socket(endpoint->family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      if (!fd) co_return connect_error(errno, address);
      const int result = ::connect(fd.get(), endpoint->get(), endpoint->size);
      const int number = result == 0 ? 0 : errno;
      if (number == EAGAIN && address.is_unix()) {
        // The backlog is full; the kernel has no readiness to wait for here.
        if (SteadyClock::now() >= deadline) co_return late(address);
        co_await pause_for(std::chrono::milliseconds(2));
        continue;
      }
      if (number != 0 && number != EINPROGRESS) co_return connect_error(number, address);
      auto wire = std::make_unique<Socket>(executor, std::move(fd), address.is_unix());
      if (number == EINPROGRESS) {
        const auto connected = co_await wire->connected(address, deadline);
        if (!connected) co_return connected.error();
      }
      co_return std::unique_ptr<Wire>(std::move(wire));
    }
  }

  Result<std::shared_ptr<Acceptor>> listen(asio::any_io_executor executor,
                                           const Listen& where) override {
    auto listener =
        where.descriptor ? Listener::adopt(*where.descriptor) : Listener::open(where.address);
    if (!listener) return listener.error();
    return std::shared_ptr<Acceptor>(
        std::make_shared<SocketAcceptor>(std::move(executor), std::move(*listener)));
  }
};

}  // namespace

Transport& transport() {
  static Sockets sockets;
  return InPlace<Transport>::or_else(sockets);
}

asio::awaitable<Result<std::unique_ptr<Wire>>> Wire::connect(Address address, Deadline deadline) {
  return transport().connect(std::move(address), deadline);
}

asio::awaitable<void> pause_for(std::chrono::nanoseconds time) {
  Timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace muster::net
