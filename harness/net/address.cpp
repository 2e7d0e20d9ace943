#include "net/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace muster::net {
namespace {

Error syntax(std::string_view text, std::string_view what) {
  return error("address_syntax",
               fmt::format("`{}` is no address: {}", printable(shorten(text, 200)), what),
               "write host:port, [ipv6]:port, unix:/path or http://host:port");
}

bool host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

Result<Address> parse_host_port(std::string_view whole, std::string_view text, int default_port) {
  std::string_view host;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return syntax(whole, "the bracket is not closed");
    host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
    const bool plausible = host.find(':') != std::string_view::npos &&
                           host.find_first_not_of("0123456789abcdefABCDEF:.") == host.npos;
    if (!plausible) return syntax(whole, "no IPv6 address between the brackets");
  } else {
    host = text.substr(0, text.find(':'));
    rest = text.substr(host.size());
    if (host.empty()) return syntax(whole, "the host is missing");
    if (!std::all_of(host.begin(), host.end(), host_character)) {
      return syntax(whole, "the host has a character that no host has");
    }
  }
  if (rest.empty()) {
    if (default_port < 0) return syntax(whole, "the port is missing");
    return Address::tcp(std::string(host), static_cast<std::uint16_t>(default_port));
  }
  if (!rest.starts_with(':')) return syntax(whole, "`:port` must follow the host");
  rest.remove_prefix(1);
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  if (failed != std::errc{} || end != rest.data() + rest.size()) {
    return syntax(whole, "the port is no number from 0 to 65535");
  }
  return Address::tcp(std::string(host), port);
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return syntax(text, "it has a NUL byte");
  if (text.starts_with("unix:")) {
    auto path = text.substr(5);
    if (path.starts_with("//")) path.remove_prefix(2);
    if (!path.starts_with('/')) return syntax(text, "the path of a unix socket is absolute");
    return Address::unix_path(std::string(path));
  }
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return parse_host_port(text, text, -1);
  const auto scheme = text.substr(0, scheme_end);
  if (!iequals(scheme, "http")) {
    return error("address_unsupported",
                 fmt::format("`{}` is not supported", printable(shorten(scheme, 40))),
                 "only http:// and unix: are");
  }
  auto authority = text.substr(scheme_end + 3);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (authority.find_first_of("/?#") != std::string_view::npos) {
    return syntax(text, "a path does not belong here");
  }
  if (authority.find('@') != std::string_view::npos) {
    return syntax("http://…", "credentials do not belong here");
  }
  return parse_host_port(text, authority, 80);
}

std::string to_string(const Address& address) {
  return address.is_unix() ? "unix:" + address.path : host_header(address);
}

std::string host_header(const Address& address) {
  if (address.is_unix()) return "localhost";
  const bool v6 = address.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", address.host, address.port)
            : fmt::format("{}:{}", address.host, address.port);
}

}  // namespace muster::net
