#include "process/notify_socket.hpp"

#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "process/latch.hpp"

namespace muster::process {
namespace asio = boost::asio;

struct NotifySocket::Impl : std::enable_shared_from_this<NotifySocket::Impl> {
  Impl(asio::any_io_executor on, int fd, std::string at)
      : socket(on, fd), path(std::move(at)), is_ready(on) {}
  ~Impl() { ::unlink(path.c_str()); }

  asio::posix::stream_descriptor socket;
  std::string path;
  Latch is_ready;
  std::string status;

  void arm() {
    socket.async_wait(asio::posix::stream_descriptor::wait_read,
                      [weak = weak_from_this()](boost::system::error_code failed) {
                        const auto self = weak.lock();
                        if (failed || !self) return;
                        self->receive();
                        self->arm();
                      });
  }

  void receive() {
    char datagram[4096];
    for (;;) {
      const ssize_t got = ::recv(socket.native_handle(), datagram, sizeof datagram, MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return;
      for (const std::string& line : split({datagram, static_cast<std::size_t>(got)}, '\n')) {
        if (line == "READY=1") is_ready.set();
        if (line.starts_with("STATUS=")) status = printable(line.substr(7));
      }
    }
  }
};

Result<std::unique_ptr<NotifySocket>> NotifySocket::make(asio::any_io_executor executor,
                                                         std::string path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return error("path_too_long",
                 "socket path of " + std::to_string(path.size()) + " bytes: " + path,
                 "a unix socket's path has at most 107 bytes; use a shorter directory");
  }
  path.copy(address.sun_path, path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return error("socket_failed", "cannot listen at " + path + ": " + ::strerror(errno));
  }
  auto impl = std::make_shared<Impl>(std::move(executor), fd.release(), std::move(path));
  impl->arm();
  return std::unique_ptr<NotifySocket>(new NotifySocket(std::move(impl)));
}

NotifySocket::NotifySocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
NotifySocket::~NotifySocket() = default;

const std::string& NotifySocket::path() const {
  return impl_->path;
}
bool NotifySocket::ready() const {
  return impl_->is_ready.is_set();
}
asio::awaitable<void> NotifySocket::until_ready() {
  return impl_->is_ready.wait();
}
const std::string& NotifySocket::status() const {
  return impl_->status;
}

}  // namespace muster::process
