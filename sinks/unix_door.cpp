#include "sinks/unix_door.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "base/unique_fd.hpp"
#include "net/timer.hpp"
#include "sinks/intake.hpp"

namespace muster::sinks {
namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;
using boost::system::error_code;

namespace {

/// One producer's connection.
struct Session {
  explicit Session(Protocol::socket connected) : socket(std::move(connected)) {}
  Protocol::socket socket;
  std::map<std::string, std::uint64_t> sources;  // → last src_seq recorded
  std::string program = "unknown";
  std::int64_t pid = 0;
};

std::int64_t peer_pid(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

bool hung_up(int fd) {
  pollfd poll{fd, POLLRDHUP, 0};
  return ::poll(&poll, 1, 0) == 1 && (poll.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

struct UnixDoor::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor, std::string at, Sink& to, Observer& watching)
      : path(std::move(at)), intake(to, watching), acceptor(std::move(executor)) {}

  const std::string path;
  Intake intake;
  Protocol::acceptor acceptor;
  std::set<std::shared_ptr<Session>> sessions;
  bool closed = false;
  Faults faults;

  asio::awaitable<void> listen();
  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  asio::awaitable<bool> take_line(Session& session, std::string line);
  bool record(Session& session, const std::string& line);
  void end(Session& session, std::string_view rest);
  void close();
};

bool UnixDoor::State::record(Session& session, const std::string& line) {
  const auto accepted = intake.record(line, session.program);
  if (accepted) session.sources[accepted->source] = accepted->src_seq;
  return accepted.ok();
}

// False when the connection is to be given up.
asio::awaitable<bool> UnixDoor::State::take_line(Session& session, std::string line) {
  const Faults::Orders orders = faults.next();
  error_code ec;
  if (orders.delay.count() > 0) {
    net::Timer pause(co_await asio::this_coro::executor, orders.delay);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (closed) co_return false;
    if (hung_up(session.socket.native_handle())) {
      intake.refused(session.program, "gave_up",
                     "the producer closed before the delayed write was taken", line);
      co_return false;
    }
  }
  bool accepted = false;
  if (orders.refuse) {
    intake.refused(session.program, "injected", "the sink was told to refuse this write", line);
  } else {
    accepted = record(session, line);
  }
  if (accepted && orders.drop_ack) co_return true;
  co_await asio::async_write(session.socket, asio::buffer(accepted ? "+" : "-", 1),
                             asio::redirect_error(asio::use_awaitable, ec));
  co_return !ec;
}

void UnixDoor::State::end(Session& session, std::string_view rest) {
  error_code ignored;
  session.socket.close(ignored);
  if (closed) return;
  if (!rest.empty()) intake.truncated(session.program, rest, {{"pid", session.pid}});
  for (const auto& [source, last] : session.sources)
    intake.observer().observe(
        observation("event", "source_closed", session.program,
                    {{"source", source}, {"last_src_seq", last}, {"pid", session.pid}}));
}

asio::awaitable<void> UnixDoor::State::serve(std::shared_ptr<Session> session) {
  const auto self = shared_from_this();
  session->pid = peer_pid(session->socket.native_handle());
  std::string pending;
  std::string chunk(16 * 1024, '\0');
  std::size_t searched = 0;
  bool open = true;
  while (open && !closed) {
    const std::size_t line_end = pending.find('\n', searched);
    if (line_end != std::string::npos) {
      std::string line = pending.substr(0, line_end);
      pending.erase(0, line_end + 1);
      searched = 0;
      open = co_await take_line(*session, std::move(line));
      continue;
    }
    searched = pending.size();
    if (pending.size() > kLineLimit) {
      intake.refused(session->program, "line_limit", "a line is longer than 1 MiB", pending);
      error_code ec;
      co_await asio::async_write(session->socket, asio::buffer("-", 1),
                                 asio::redirect_error(asio::use_awaitable, ec));
      pending.clear();
      break;
    }
    error_code ec;
    const std::size_t got = co_await session->socket.async_read_some(
        asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, ec));
    pending.append(chunk, 0, got);
    open = !ec;
  }
  end(*session, pending);
  sessions.erase(session);
}

asio::awaitable<void> UnixDoor::State::listen() {
  const auto self = shared_from_this();
  while (!closed) {
    error_code ec;
    Protocol::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
    if (closed) break;
    if (ec) {
      // EMFILE and the like pass; the connection stays in the backlog meanwhile.
      intake.observer().observe(
          observation("sink", "accept_failed", "sink", {{"message", ec.message()}}));
      net::Timer pause(acceptor.get_executor(), std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      continue;
    }
    auto session = std::make_shared<Session>(std::move(socket));
    sessions.insert(session);
    asio::co_spawn(acceptor.get_executor(), serve(session), asio::detached);
  }
}

void UnixDoor::State::close() {
  if (closed) return;
  closed = true;
  error_code ignored;
  acceptor.close(ignored);
  for (const auto& session : sessions) session->socket.close(ignored);
  ::unlink(path.c_str());
}

Result<std::unique_ptr<UnixDoor>> UnixDoor::open(asio::any_io_executor executor, std::string path,
                                                 Sink& sink, Observer& observer) {
  const auto failed = [&](const std::string& why) {
    return error("door_bind", "the sink cannot listen at " + path + ": " + why);
  };
  sockaddr_un name{};
  if (path.empty() || path.size() >= sizeof name.sun_path)
    return failed("the path is empty or longer than 107 bytes");
  auto state = std::make_shared<State>(std::move(executor), path, sink, observer);
  error_code ec;
  state->acceptor.open(Protocol(), ec);
  if (!ec) state->acceptor.bind(Protocol::endpoint(path), ec);
  if (ec) {
    state->closed = true;  // what stands at the path is not ours to remove
    return failed(ec.message());
  }
  if (::chmod(path.c_str(), 0600) != 0) {
    const int why = errno;
    state->close();
    return failed(std::strerror(why));
  }
  state->acceptor.listen(SOMAXCONN, ec);
  if (ec) {
    state->close();
    return failed(ec.message());
  }
  asio::co_spawn(state->acceptor.get_executor(), state->listen(), asio::detached);
  return std::unique_ptr<UnixDoor>(new UnixDoor(std::move(state)));
}

UnixDoor::UnixDoor(std::shared_ptr<State> state) : state_(std::move(state)) {}
UnixDoor::~UnixDoor() {
  close();
}

std::string UnixDoor::address() const {
  return "unix:" + state_->path;
}
void UnixDoor::close() {
  state_->close();
}
std::size_t UnixDoor::connections() const {
  return state_->sessions.size();
}

Faults& UnixDoor::faults() {
  return state_->faults;
}

}  // namespace muster::sinks
