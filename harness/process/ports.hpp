#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/launcher.hpp"

namespace muster::process {

/// A port of 127.0.0.1 and the socket that has it.
struct Port {
  UniqueFd fd;
  std::uint16_t number = 0;
};

/// Binds and listens on 127.0.0.1:`port` (0: any free one), so that connections wait from now on
/// and nobody else gets the port. Errors `listen_in_use`, `listen_failed`.
Result<Port> listen_loopback(std::uint16_t port = 0);

/// Holds a port for an unmodified server: bound with SO_REUSEADDR and SO_REUSEPORT, not listening.
/// A server that sets SO_REUSEADDR can take it, a client never gets it. Errors as
/// of listen_loopback.
Result<Port> hold_port(std::uint16_t port = 0);

/// Hands a listener on as sd_listen_fds(3) has it: descriptor 3 and LISTEN_FDS=1. LISTEN_PID stays
/// unset, since the pid is not known before exec.
void pass_listener(LaunchSpec& spec, const Port& port);

}  // namespace muster::process
