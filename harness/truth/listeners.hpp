#pragma once

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"

/// What is really so with the programs of an environment, whatever a file says.
namespace muster::truth {

/// A TCP socket that listens.
struct Listener {
  std::uint16_t port = 0;
  std::uint64_t inode = 0;
  std::uint32_t uid = 0;
  bool loopback = false;  ///< on 127.0.0.0/8 or ::1 only
};

/// All listening TCP sockets (IPv4 and IPv6) of this network namespace, by port, asked of the
/// kernel (sock_diag(7), INET_DIAG). Error `diag_failed`.
Result<std::vector<Listener>> listeners();

/// Inodes of the sockets that a process has open; empty when it is gone or another user's.
std::set<std::uint64_t> sockets_of(pid_t pid);

}  // namespace muster::truth
