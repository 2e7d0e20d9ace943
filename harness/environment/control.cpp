#include "environment/control.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

constexpr const char* kSocket = "keeper.sock";
constexpr std::size_t kMaxLine = 1024 * 1024;
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
using Stream = asio::local::stream_protocol;

/// A path that is short however long that of the folder is: sun_path has 108 bytes.
std::string short_path(const journal::Directory& folder) {
  return "/proc/self/fd/" + std::to_string(folder.fd()) + "/" + kSocket;
}

Error failed(const std::string& doing, int why) {
  return error("control_failed",
               "can not " + doing + " the environment's socket: " + std::strerror(why));
}

bool same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == ::geteuid() || peer.uid == 0);
}

asio::awaitable<void> serve(Stream::socket peer, ControlDoor::Answer answer) {
  std::string buffer;
  for (;;) {
    const auto [broken, size] =
        co_await asio::async_read_until(peer, asio::dynamic_buffer(buffer, kMaxLine), '\n', quiet);
    if (broken) co_return;
    auto request = parse_json(std::string_view(buffer).substr(0, size));
    buffer.erase(0, size);
    Json reply;
    if (request && request->is_object()) {
      Json given = std::move(*request);
      reply = co_await answer(std::move(given), [&peer](const Json& step) {
        // whoever does not read loses what is said in between, never the answer
        const std::string line = dump_json(step) + "\n";
        ::send(peer.native_handle(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      });
    } else {
      reply = {{"ok", false}, {"error", "a request is a JSON object on one line"}};
    }
    const std::string line = dump_json(reply) + "\n";
    const auto [unsent, sent] = co_await asio::async_write(peer, asio::buffer(line), quiet);
    if (unsent) co_return;
  }
}

}  // namespace

struct ControlDoor::Impl {
  Impl(asio::any_io_executor executor, std::string where, std::string what)
      : acceptor(executor), link(std::move(where)), socket(std::move(what)) {}

  Stream::acceptor acceptor;
  std::string link;
  std::string socket;
  Answer answer;
};

namespace {

asio::awaitable<void> accept(std::shared_ptr<ControlDoor::Impl> impl);

}  // namespace

Result<ControlDoor> ControlDoor::open(asio::any_io_executor executor,
                                      const journal::Directory& folder,
                                      const std::string& socket_directory, Answer answer) {
  auto impl =
      std::make_shared<Impl>(executor, short_path(folder), socket_directory + "/" + kSocket);
  impl->answer = std::move(answer);
  boost::system::error_code broken;
  impl->acceptor.open(Stream(), broken);
  const mode_t before = ::umask(0177);
  if (!broken) impl->acceptor.bind(Stream::endpoint(impl->socket), broken);
  ::umask(before);
  if (!broken) impl->acceptor.listen(64, broken);
  if (broken) return failed("open", broken.value());
  // the link of a keeper that was killed may still be there
  ::unlink(impl->link.c_str());
  if (::symlink(impl->socket.c_str(), impl->link.c_str()) != 0) return failed("link", errno);
  asio::co_spawn(executor, accept(impl), asio::detached);
  return ControlDoor(std::move(impl));
}

namespace {

asio::awaitable<void> accept(std::shared_ptr<ControlDoor::Impl> impl) {
  for (;;) {
    auto [broken, peer] = co_await impl->acceptor.async_accept(quiet);
    if (broken) co_return;
    if (!same_user(peer.native_handle())) continue;
    asio::co_spawn(impl->acceptor.get_executor(), serve(std::move(peer), impl->answer),
                   asio::detached);
  }
}

}  // namespace

ControlDoor::ControlDoor(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
ControlDoor::ControlDoor(ControlDoor&&) noexcept = default;
ControlDoor::~ControlDoor() {
  if (!impl_) return;
  ::unlink(impl_->link.c_str());
  ::unlink(impl_->socket.c_str());
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
}

namespace {

/// Connects to the door and writes a request.
Result<UniqueFd> ask(const journal::Directory& folder, const Json& request) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return failed("open", errno);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = short_path(folder);
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED)
      return error("no_keeper", "no environment runs here", "muster env start");
    return failed("reach", errno);
  }
  const std::string line = dump_json(request) + "\n";
  if (::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
    return failed("write to", errno);
  return fd;
}

/// Waits until there is something to read.
Result<void> readable(int fd, int interrupt, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting[2] = {{fd, POLLIN, 0}, {interrupt, POLLIN, 0}};
    const int ready =
        ::poll(waiting, interrupt < 0 ? 1 : 2, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0)
      return error("control_failed", "the environment's keeper has not answered in time",
                   "muster env blast-all ends it with all its services");
    if (waiting[1].revents != 0) return error("interrupted", "interrupted");
    return {};
  }
}

}  // namespace

Result<Json> ask_keeper(const journal::Directory& folder, const Json& request,
                        std::chrono::milliseconds within,
                        const std::function<void(const Json&)>& progress, int interrupt) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  auto fd = ask(folder, request);
  if (!fd) return std::move(fd).error();
  std::string waiting;
  for (;;) {
    if (const auto end = waiting.find('\n'); end != std::string::npos) {
      auto line = parse_json(std::string_view(waiting).substr(0, end));
      waiting.erase(0, end + 1);
      if (!line || !line->contains("event") || line->contains("ok")) return line;
      if (progress) progress(*line);
      continue;
    }
    if (auto there = readable(fd->get(), interrupt, deadline); !there) return there.error();
    char piece[4096];
    const ssize_t got = ::recv(fd->get(), piece, sizeof piece, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return error("no_keeper", "the environment's keeper has ended");
    waiting.append(piece, static_cast<std::size_t>(got));
  }
}

}  // namespace muster::environment
