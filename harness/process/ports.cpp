#include "process/ports.hpp"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <cerrno>

namespace muster::process {
namespace {

/// The kernel cuts it to net.core.somaxconn.
constexpr int backlog = 4096;
constexpr int first_passed = 3;

Result<Port> bind_loopback(std::uint16_t number, bool share) {
  const auto failed = [number] {
    return error(errno == EADDRINUSE ? "listen_in_use" : "listen_failed",
                 "cannot listen on 127.0.0.1:" + std::to_string(number) + ": " + ::strerror(errno));
  };
  Port port{UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), 0};
  if (!port.fd) return failed();
  const int on = 1;
  ::setsockopt(port.fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share) ::setsockopt(port.fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(number);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(port.fd.get(), raw, size) != 0) return failed();
  if (::getsockname(port.fd.get(), raw, &size) != 0) return failed();
  port.number = ntohs(address.sin_port);
  return port;
}

}  // namespace

Result<Port> listen_loopback(std::uint16_t number) {
  Result<Port> port = bind_loopback(number, false);
  if (port && ::listen(port->fd.get(), backlog) != 0) {
    return error(
        errno == EADDRINUSE ? "listen_in_use" : "listen_failed",
        "cannot listen on 127.0.0.1:" + std::to_string(port->number) + ": " + ::strerror(errno));
  }
  return port;
}

Result<Port> hold_port(std::uint16_t number) {
  return bind_loopback(number, true);
}

void pass_listener(LaunchSpec& spec, const Port& port) {
  std::erase_if(spec.env, [](const std::string& entry) {
    return entry.starts_with("LISTEN_FDS=") || entry.starts_with("LISTEN_PID=");
  });
  spec.env.push_back("LISTEN_FDS=1");
  spec.fds.push_back({port.fd.get(), first_passed});
}

}  // namespace muster::process
