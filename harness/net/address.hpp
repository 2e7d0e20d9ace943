#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::net {

/// Where a program listens: a TCP host and port, or the path of a unix stream socket.
struct Address {
  enum class Kind { tcp, unix_path };

  Kind kind = Kind::tcp;
  std::string host;        ///< literal address or name, without brackets; empty for unix
  std::uint16_t port = 0;  ///< 0 when listening: the kernel chooses
  std::string path;        ///< of the socket file; empty for TCP

  bool is_unix() const { return kind == Kind::unix_path; }
  friend bool operator==(const Address&, const Address&) = default;

  static Address tcp(std::string host, std::uint16_t port) {
    return {Kind::tcp, std::move(host), port, {}};
  }
  static Address unix_path(std::string path) { return {Kind::unix_path, {}, 0, std::move(path)}; }
};

/// Reads `127.0.0.1:0`, `[::1]:80`, `localhost:80`, `unix:/path`, `unix:///path` and
/// `http://127.0.0.1:8080` (port 80 when absent; a path other than `/` is refused). Errors:
/// `address_syntax`; `address_unsupported` for https and other schemes.
Result<Address> parse_address(std::string_view text);

/// The form that parse_address reads: `127.0.0.1:80`, `[::1]:80`, `unix:/path`.
std::string to_string(const Address& address);

/// What a Host header says for `address`: `127.0.0.1:80`, `[::1]:80`; `localhost` for a unix
/// socket.
std::string host_header(const Address& address);

}  // namespace muster::net
