#include "net/endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>

#include "base/text.hpp"

namespace muster::net {
namespace {

Result<Endpoint> unix_endpoint(const std::string& path) {
  Endpoint out;
  auto& un = reinterpret_cast<sockaddr_un&>(out.storage);
  if (path.size() >= sizeof un.sun_path) {
    return error("address_too_long",
                 fmt::format("the socket path {} has {} bytes, a unix socket takes at most {}",
                             printable(path), path.size(), sizeof un.sun_path - 1),
                 "choose a runtime directory with a shorter path");
  }
  un.sun_family = AF_UNIX;
  memcpy(un.sun_path, path.c_str(), path.size() + 1);
  out.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return out;
}

}  // namespace

Result<Endpoint> literal_endpoint(const Address& address) {
  if (address.is_unix()) return unix_endpoint(address.path);
  Endpoint out;
  auto& v4 = reinterpret_cast<sockaddr_in&>(out.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(out.storage);
  const auto host = iequals(address.host, "localhost") ? "127.0.0.1" : address.host;
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    out.size = sizeof v4;
    return out;
  }
  if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    out.size = sizeof v6;
    return out;
  }
  return error("address_name", fmt::format("`{}` is no literal address", printable(address.host)));
}

Result<Address> bound_address(int fd) {
  Endpoint end;
  end.size = sizeof end.storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&end.storage), &end.size) != 0) {
    return error("listen_failed", fmt::format("getsockname: {}", strerror(errno)));
  }
  char text[INET6_ADDRSTRLEN] = {};
  switch (end.family()) {
    case AF_INET: {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(end.storage);
      inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
      return Address::tcp(text, ntohs(v4.sin_port));
    }
    case AF_INET6: {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(end.storage);
      inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
      return Address::tcp(text, ntohs(v6.sin6_port));
    }
    case AF_UNIX: {
      const auto& un = reinterpret_cast<const sockaddr_un&>(end.storage);
      const std::size_t bytes = end.size - offsetof(sockaddr_un, sun_path);
      return Address::unix_path(std::string(un.sun_path, strnlen(un.sun_path, bytes)));
    }
    default:
      return error("listen_failed", fmt::format("a socket of family {}", end.family()));
  }
}

}  // namespace muster::net
