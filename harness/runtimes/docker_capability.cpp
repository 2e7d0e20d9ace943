#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/text.hpp"
#include "net/client.hpp"
#include "runtimes/capabilities.hpp"

namespace muster::runtimes {
namespace {

constexpr std::size_t most_answer = 1U << 20;

/// The Docker Engine API's own address form, in ours.
Result<net::Address> address_of(const std::string& host) {
  if (host.starts_with("tcp://")) return net::parse_address(host.substr(6));
  if (host.starts_with("unix://")) return net::Address::unix_path(host.substr(7));
  return error("address_unsupported", host + " is neither unix:// nor tcp://");
}

Result<net::Response> get_version(const net::Address& address, std::chrono::milliseconds within) {
  boost::asio::io_context io(1);
  Result<net::Response> answer;
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        net::Request request;
        request.target = "/version";
        answer = co_await net::send(address, std::move(request), within, most_answer);
      },
      boost::asio::detached);
  io.run();
  return answer;
}

}  // namespace

Capability docker(const Environment& environment, std::chrono::milliseconds within) {
  const std::optional<std::string> told = environment("DOCKER_HOST");
  const std::string host = told && !told->empty() ? *told : "unix:///var/run/docker.sock";
  const auto no = [&host](const std::string& why) {
    return Capability{"docker", false, printable(host) + ": " + why, {}};
  };
  const Result<net::Address> address = address_of(host);
  if (!address) return no(address.error().message);
  const Result<net::Response> answer = get_version(*address, within);
  if (!answer) return no(answer.error().message);
  if (answer->status != 200) return no("answers " + std::to_string(answer->status));
  const Result<Json> body = parse_json(answer->body);
  if (!body || !body->is_object() || !body->contains("ApiVersion"))
    return no("answers, but not as a container engine does");
  return {"docker", true, printable(host), string_at(*body, "Version")};
}

}  // namespace muster::runtimes
