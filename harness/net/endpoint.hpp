#pragma once

#include <sys/socket.h>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/address.hpp"

namespace muster::net {

/// A socket address as the kernel takes it.
struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

/// The endpoint of a unix path or of a literal TCP host (`localhost` counts as 127.0.0.1). Errors:
/// `address_too_long` (a unix path has at most 107 bytes), `address_name` when the host would have
/// to be resolved.
Result<Endpoint> literal_endpoint(const Address& address);

/// The address of a bound socket.
Result<Address> bound_address(int fd);

}  // namespace muster::net
