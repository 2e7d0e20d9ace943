#include "net/listener.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>

#include "base/text.hpp"
#include "net/endpoint.hpp"
#include "net/server.hpp"

namespace muster::net {
namespace {

constexpr int backlog = 1024;
constexpr int inherited_descriptor = 3;

Error failed(const Address& address, std::string_view what, int number) {
  const bool in_use = number == EADDRINUSE;
  return error(in_use ? "listen_in_use" : "listen_failed",
               fmt::format("cannot listen at {}: {}: {}", printable(to_string(address)), what,
                           strerror(number)));
}

/// Removes a socket file that nobody listens at. Anything else in its place is an error.
Result<void> remove_stale(const Address& address, const Endpoint& endpoint) {
  struct stat info {};
  if (::lstat(address.path.c_str(), &info) != 0) {
    if (errno == ENOENT) return {};
    return failed(address, "lstat", errno);
  }
  if (!S_ISSOCK(info.st_mode)) {
    return error("listen_in_use", fmt::format("cannot listen at {}: the file there is no socket",
                                              printable(to_string(address))));
  }
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return failed(address, "socket", errno);
  const bool answers = ::connect(probe.get(), endpoint.get(), endpoint.size) == 0;
  if (answers || errno == EAGAIN) return failed(address, "another server is there", EADDRINUSE);
  if (errno != ECONNREFUSED && errno != ENOENT) return failed(address, "connect", errno);
  if (::unlink(address.path.c_str()) != 0 && errno != ENOENT) {
    return failed(address, "unlink", errno);
  }
  return {};
}

Result<int> read_number(const char* name, const char* text) {
  int value = 0;
  const std::string_view view = text;
  const auto [end, wrong] = std::from_chars(view.data(), view.data() + view.size(), value);
  if (wrong != std::errc{} || end != view.data() + view.size()) {
    return error("listen_fds", fmt::format("{}={} is no number", name, printable(view)));
  }
  return value;
}

}  // namespace

Listener::Listener(UniqueFd fd, Address address)
    : fd_(std::move(fd)), address_(std::move(address)) {}

Listener::~Listener() {
  if (!fd_ || inode_ == 0) return;
  struct stat info {};
  if (::lstat(address_.path.c_str(), &info) != 0) return;
  if (info.st_dev == device_ && info.st_ino == inode_) ::unlink(address_.path.c_str());
}

Result<Listener> Listener::open(const Address& address) {
  const auto endpoint = literal_endpoint(address);
  if (!endpoint) return endpoint.error();
  if (address.is_unix()) {
    const auto removed = remove_stale(address, *endpoint);
    if (!removed) return removed.error();
  }
  UniqueFd fd(::socket(endpoint->family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed(address, "socket", errno);
  if (address.is_unix()) {
    // On Linux the file gets the mode of the socket, less the umask: no moment at which others
    // could connect.
    if (::fchmod(fd.get(), 0600) != 0) return failed(address, "fchmod", errno);
  } else {
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  if (::bind(fd.get(), endpoint->get(), endpoint->size) != 0) return failed(address, "bind", errno);
  Listener out(std::move(fd), address);
  if (address.is_unix()) {
    struct stat info {};
    if (::lstat(address.path.c_str(), &info) != 0) return failed(address, "lstat", errno);
    out.device_ = info.st_dev;
    out.inode_ = info.st_ino;
  }
  if (::listen(out.descriptor(), backlog) != 0) return failed(address, "listen", errno);
  auto bound = bound_address(out.descriptor());
  if (!bound) return bound.error();
  out.address_ = std::move(*bound);
  return out;
}

Result<Listener> Listener::adopt(int descriptor) {
  int listening = 0;
  socklen_t size = sizeof listening;
  const bool asked = ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0;
  if (!asked || listening == 0) {
    return error("listen_fds", fmt::format("descriptor {} is no listening socket", descriptor));
  }
  auto bound = bound_address(descriptor);
  if (!bound) return bound.error();
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  return Listener(UniqueFd(descriptor), std::move(*bound));
}

UniqueFd Listener::accept() {
  return UniqueFd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

Result<std::optional<int>> inherited_listener() {
  const char* count = std::getenv("LISTEN_FDS");
  if (count == nullptr) return std::optional<int>{};
  if (const char* owner = std::getenv("LISTEN_PID"); owner != nullptr) {
    const auto pid = read_number("LISTEN_PID", owner);
    if (!pid) return pid.error();
    if (*pid != ::getpid()) return std::optional<int>{};
  }
  const auto number = read_number("LISTEN_FDS", count);
  if (!number) return number.error();
  if (*number != 1) {
    return error("listen_fds",
                 fmt::format("LISTEN_FDS={}: exactly one listening socket can be passed", *number));
  }
  int listening = 0;
  socklen_t size = sizeof listening;
  if (::getsockopt(inherited_descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
      listening == 0) {
    return error("listen_fds", "descriptor 3 is no listening socket");
  }
  ::fcntl(inherited_descriptor, F_SETFD, FD_CLOEXEC);
  return std::optional<int>{inherited_descriptor};
}

}  // namespace muster::net
