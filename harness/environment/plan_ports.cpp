#include "environment/plan_ports.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/diff.hpp"

namespace muster::environment {
namespace {

using artifacts::PortPlan;
using artifacts::PortSource;

constexpr int kTries = 100;
constexpr int kLastPort = 65'535;

std::string variable_of(const std::string& service) {
  std::string name = "MUSTER_PORT_";
  for (const char c : service)
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

Result<std::optional<int>> chosen_by_environment(const std::string& service,
                                                 const Variables& variables) {
  const std::string name = variable_of(service);
  const auto at = variables.find(name);
  if (at == variables.end()) return std::optional<int>();
  int port = 0;
  const std::string& text = at->second;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || port < 1 ||
      port > kLastPort)
    return error("bad_port", name + "=" + text + " is no port", "a number from 1 to 65535");
  return std::optional(port);
}

/// A name in the abstract space of unix sockets: the kernel frees it with its owner, however that
/// ends. None when another environment has the port.
std::optional<UniqueFd> claim_port(int port) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return std::nullopt;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = fmt::format("muster/port/{}", port);
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return std::nullopt;
  return fd;
}

struct Hold {
  process::Port socket;
  UniqueFd claim;
};

/// Holds `first` or the next port above it that is free; counts the tries in `retries`.
Result<Hold> hold_from(const std::string& service, int first, int& retries) {
  int candidate = first;
  std::string why;
  for (int tried = 0; tried < kTries && candidate <= kLastPort; ++tried) {
    auto held = process::hold_port(static_cast<std::uint16_t>(candidate));
    if (held) {
      if (auto claim = claim_port(held->number)) return Hold{std::move(*held), std::move(*claim)};
      why = "another environment has it";
    } else {
      why = held.error().message;
    }
    // any free port is asked for again, a certain one is left for its neighbour
    if (candidate != 0) {
      ++retries;
      ++candidate;
    }
  }
  return error(
      "bind_conflict_unresolved",
      fmt::format("no port for {}: {} to {} are taken ({})", service, first, candidate - 1, why),
      "give it another port, or port = 0");
}

}  // namespace

Result<std::map<std::string, HeldPort>> plan_ports(
    const std::vector<services::ServiceSpec>& services, const std::map<std::string, int>& previous,
    const Variables& variables, int offset, const std::vector<std::string>& selected) {
  std::map<std::string, HeldPort> planned;
  for (const services::ServiceSpec& service : services) {
    if (!service.port) continue;
    if (!selected.empty() &&
        std::find(selected.begin(), selected.end(), service.name) == selected.end())
      continue;
    PortPlan plan;
    plan.requested = *service.port == 0 ? 0 : *service.port + offset;
    const auto forced = chosen_by_environment(service.name, variables);
    if (!forced) return forced.error();
    int first = plan.requested;
    if (const auto before = previous.find(service.name); before != previous.end())
      first = before->second;
    if (*forced) {
      plan.source = PortSource::environment;
      plan.requested = first = **forced;
    }
    auto hold = hold_from(service.name, first, plan.retries);
    if (!hold) return std::move(hold).error();
    plan.assigned = plan.final_port = hold->socket.number;
    if (plan.retries > 0) plan.source = PortSource::retry;
    planned.emplace(service.name, HeldPort{plan, std::move(hold->socket), std::move(hold->claim)});
  }
  return planned;
}

Result<HeldPort> next_port(const std::string& service, const PortPlan& plan) {
  int retries = plan.retries + 1;
  auto hold = hold_from(service, plan.requested == 0 ? 0 : plan.final_port + 1, retries);
  if (!hold) return std::move(hold).error();
  HeldPort next{plan, std::move(hold->socket), std::move(hold->claim)};
  next.plan.retries = retries;
  next.plan.source = PortSource::retry;
  next.plan.final_port = next.socket.number;
  return next;
}

Result<std::string> expand_ports(const std::string& text, std::optional<int> own,
                                 const std::map<std::string, int>& ports) {
  std::string expanded;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("{{")) {
      expanded += '{';
      i += 2;
    } else if (rest.starts_with("{port}")) {
      if (!own)
        return error("no_port", "{port} is asked for, but the service has no port", "add port = 0");
      expanded += std::to_string(*own);
      i += 6;
    } else if (const std::size_t end = rest.find('}');
               rest.starts_with("{port:") && end != rest.npos) {
      const std::string name(rest.substr(6, end - 6));
      const auto at = ports.find(name);
      if (at == ports.end()) {
        std::vector<std::string> known;
        for (const auto& [other, port] : ports) known.push_back(other);
        const auto near = nearest(name, known);
        return error("service_unknown", "no service " + name + " has a port",
                     near ? "did you mean {port:" + *near + "}?" : "");
      }
      expanded += std::to_string(at->second);
      i += end + 1;
    } else {
      expanded += text[i++];
    }
  }
  return expanded;
}

}  // namespace muster::environment
