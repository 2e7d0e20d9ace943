#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"
#include "net/io_thread.hpp"
#include "net/server.hpp"
#include "testing/temp_tree.hpp"

namespace muster::net::testing {

using std::chrono::milliseconds;

/// Longest that a test waits for anything; only a failing test ever does.
inline constexpr milliseconds patience{10'000};

/// One whose coroutines have to end in time.
class IoThread : public net::IoThread {
 public:
  template <class T>
  T await(boost::asio::awaitable<T> coroutine) {
    auto future = begin(std::move(coroutine));
    if (future.wait_for(patience) != std::future_status::ready) {
      ADD_FAILURE() << "the coroutine did not end";
      std::abort();
    }
    return future.get();
  }
};

using muster::testing::TempTree;

/// A blocking client that sends what no client sends.
class RawPeer {
 public:
  explicit RawPeer(const Address& address) {
    const auto end = literal_endpoint(address).value_or_throw();
    fd_.reset(::socket(end.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval limit{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    connected_ = ::connect(fd_.get(), end.get(), end.size) == 0;
    EXPECT_TRUE(connected_) << to_string(address);
  }

  /// False when the other side takes no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// What has come until `enough` of all received so far, the end of the stream, or the time is up.
  std::string read_until(const std::function<bool(std::string_view)>& enough,
                         milliseconds time = patience) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!enough(received_)) {
      const auto left =
          std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
      pollfd waiting{fd_.get(), POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) != 1) break;
      char buffer[16 * 1024];
      const auto count = ::recv(fd_.get(), buffer, sizeof buffer, 0);
      was_reset_ = count < 0;
      ended_ = count <= 0;
      if (ended_) break;
      received_.append(buffer, static_cast<std::size_t>(count));
    }
    return received_;
  }
  std::string read_to_end(milliseconds time = patience) {
    return read_until([](std::string_view) { return false; }, time);
  }

  bool ended() const { return ended_; }
  bool was_reset() const { return was_reset_; }
  void half_close() { ::shutdown(fd_.get(), SHUT_WR); }
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
  std::string received_;
  bool connected_ = false, ended_ = false, was_reset_ = false;
};

/// The status of a raw answer; 0 if it is none.
inline int status_of(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
  return std::atoi(std::string(answer.substr(9, 3)).c_str());
}

/// What follows the head of a raw answer.
inline std::string body_of(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == answer.npos ? std::string() : std::string(answer.substr(end + 4));
}

/// A server on an IoThread.
class LiveServer {
 public:
  LiveServer(IoThread& io, Handler handler, ServerLimits limits = {},
             Address address = Address::tcp("127.0.0.1", 0))
      : io_(io) {
    io_.on([&] {
      server_ = Server::listen(io_.executor(), {address, {}}, std::move(handler), limits)
                    .value_or_throw();
    });
  }
  ~LiveServer() {
    io_.on([&] { server_.reset(); });
  }

  const Address& address() const { return server_->address(); }
  Server& operator*() { return *server_; }
  std::size_t open_requests() {
    return io_.on([&] { return server_->open_requests(); });
  }
  std::size_t connections() {
    return io_.on([&] { return server_->connections(); });
  }
  void stop(milliseconds grace) { io_.await(server_->stop(grace)); }

 private:
  IoThread& io_;
  std::unique_ptr<Server> server_;
};

/// Says once, from any thread, that something has happened.
class Event {
 public:
  void set() { promise_.set_value(); }
  bool wait(milliseconds time = patience) {
    return future_.wait_for(time) == std::future_status::ready;
  }

 private:
  std::promise<void> promise_;
  std::future<void> future_ = promise_.get_future();
};

}  // namespace muster::net::testing
