#include "events/emit.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <list>
#include <utility>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "events/event.hpp"
#include "net/timer.hpp"

namespace muster::events {
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;
using boost::system::error_code;

struct EmitClient::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor, EmitOptions made)
      : options(std::move(made)),
        source(options.program + "/" + random_hex(4)),
        socket(executor),
        deadline(executor) {}

  EmitOptions options;
  std::string source;
  std::uint64_t next_src_seq = 1;
  Socket socket;
  net::Timer deadline;
  bool timed_out = false;
  bool busy = false;
  std::uint64_t emit_number = 0;
  struct Waiting {
    net::Timer* timer;
    bool* handed;
  };
  std::list<Waiting> waiting;  // in call order; what it points to lives in the coroutine's frame

  void disconnect() {
    error_code ignored;
    socket.close(ignored);
  }

  /// Whether the peer has closed a connection that we believe open, or sent a byte that nobody
  /// asked for.
  bool stale() {
    char byte = 0;
    const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return !(got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
  }

  void start_deadline() {
    timed_out = false;
    deadline.expires_after(options.ack_timeout);
    // The number tells this emit's timer from an earlier one whose handler was already queued.
    deadline.async_wait([weak = weak_from_this(), number = ++emit_number](error_code ec) {
      const auto self = weak.lock();
      if (ec || !self || self->emit_number != number) return;
      self->timed_out = true;
      self->disconnect();
    });
  }

  asio::awaitable<Result<void>> connect();
  asio::awaitable<Result<void>> deliver(std::string line, bool& sent, bool& answered);
};

namespace {

/// A place in the queue of emits; gone when its coroutine is.
template <class State>
class Place {
 public:
  Place(std::shared_ptr<State> state, net::Timer& timer) : state_(std::move(state)) {
    place_ = state_->waiting.insert(state_->waiting.end(), {&timer, &handed_});
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (!handed_) state_->waiting.erase(place_);
  }
  /// Whether the emit before has handed its turn over.
  bool handed() const { return handed_; }

 private:
  std::shared_ptr<State> state_;
  typename decltype(State::waiting)::iterator place_;
  bool handed_ = false;
};

/// The turn of one emit. However it ends, by an answer or by cancellation, the next in the queue is
/// handed the turn and the connection is left in a known state.
template <class State>
class Turn {
 public:
  explicit Turn(std::shared_ptr<State> state) : state_(std::move(state)) { state_->busy = true; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (sent) ++state_->next_src_seq;
    if (!answered) state_->disconnect();
    state_->deadline.cancel();
    ++state_->emit_number;
    state_->busy = !state_->waiting.empty();
    if (!state_->busy) return;
    const auto next = state_->waiting.front();
    state_->waiting.pop_front();
    *next.handed = true;
    next.timer->cancel();
  }

  bool sent = false;      // the event may have been recorded, so its number is spent
  bool answered = false;  // the connection holds nothing of this emit any more

 private:
  std::shared_ptr<State> state_;
};

Error unreachable(const std::string& address, const std::string& why) {
  if (address.empty())
    return error("sink_unreachable", "there is no sink to record the event",
                 "set MUSTER_SINK to unix:/path of a sink");
  return error("sink_unreachable", "the sink at " + address + " cannot be reached: " + why);
}

Error timeout(const EmitOptions& options) {
  return error("sink_timeout", "the sink at " + options.address + " did not answer within " +
                                   std::to_string(options.ack_timeout.count()) + " ms");
}

constexpr std::string_view kUnix = "unix:";

}  // namespace

asio::awaitable<Result<void>> EmitClient::State::connect() {
  const std::string& address = options.address;
  if (address.rfind(kUnix, 0) != 0)
    co_return unreachable(address, "it is not of the form unix:/path");
  const std::string path = address.substr(kUnix.size());
  sockaddr_un name{};
  if (path.empty() || path.size() >= sizeof name.sun_path)
    co_return unreachable(address, "the path is empty or longer than 107 bytes");
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.data(), path.size());

  error_code ec;
  disconnect();
  socket.open(asio::local::stream_protocol(), ec);
  if (!ec) socket.non_blocking(true, ec);
  if (ec) co_return unreachable(address, ec.message());
  // A unix socket with a full backlog answers EAGAIN, and becomes writable without being connected:
  // so ask again.
  while (::connect(socket.native_handle(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) {
    const int failed = errno;
    if (failed == EISCONN) break;
    if (failed == EINTR) continue;
    if (failed != EAGAIN) {
      disconnect();
      co_return unreachable(address, std::strerror(failed));
    }
    net::Timer pause(co_await asio::this_coro::executor, std::chrono::milliseconds(2));
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (timed_out) co_return timeout(options);
    if (!socket.is_open()) co_return unreachable(address, "the client was closed");
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> EmitClient::State::deliver(std::string line, bool& sent,
                                                         bool& answered) {
  if (!socket.is_open() || stale()) {
    auto connected = co_await connect();
    if (!connected) co_return connected.error();
  }
  error_code ec;
  sent = true;
  co_await asio::async_write(socket, asio::buffer(line),
                             asio::redirect_error(asio::use_awaitable, ec));
  char answer = 0;
  if (!ec)
    co_await asio::async_read(socket, asio::buffer(&answer, 1),
                              asio::redirect_error(asio::use_awaitable, ec));
  if (timed_out) co_return timeout(options);
  if (ec) {
    co_return unreachable(options.address, ec == asio::error::eof
                                               ? "it closed the connection before it answered"
                                               : ec.message());
  }
  answered = answer == '+' || answer == '-';
  if (answer == '+') co_return Result<void>();
  sent = false;
  if (answer == '-')
    co_return error("sink_refused", "the sink at " + options.address + " refused the event");
  co_return error("sink_refused", "the sink at " + options.address +
                                      " answered with a byte that is neither + nor -");
}

EmitClient::EmitClient(asio::any_io_executor executor, EmitOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}
EmitClient::~EmitClient() {
  if (state_) close();
}
EmitClient::EmitClient(EmitClient&&) noexcept = default;
EmitClient& EmitClient::operator=(EmitClient&& other) noexcept {
  if (state_ && state_ != other.state_) close();
  state_ = std::move(other.state_);
  return *this;
}

const std::string& EmitClient::source() const {
  return state_->source;
}

void EmitClient::close() {
  state_->disconnect();
}

asio::awaitable<Result<void>> EmitClient::emit(std::string event, Json actor,
                                               std::string workspace_slug,
                                               std::optional<std::string> run_id, Json payload) {
  // A client that is destroyed while coroutines wait must not take their state with it.
  const std::shared_ptr<State> state = state_;
  if (state->busy) {
    net::Timer timer(co_await asio::this_coro::executor, net::Timer::time_point::max());
    const Place<State> place(state, timer);
    error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (!place.handed())
      co_return error("sink_unreachable", "the emit was cancelled before its turn");
  }
  Turn<State> turn(state);

  Event made;
  made.source = state->source;
  made.src_seq = state->next_src_seq;
  made.ts = to_rfc3339(system_clock().wall());
  made.event = std::move(event);
  made.actor = std::move(actor);
  made.workspace_slug = std::move(workspace_slug);
  made.run_id = std::move(run_id);
  made.payload = payload.is_null() ? Json::object() : std::move(payload);

  state->start_deadline();
  co_return co_await state->deliver(to_line(made) + "\n", turn.sent, turn.answered);
}

}  // namespace muster::events
