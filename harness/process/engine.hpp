#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "net/address.hpp"

/// Containers through the Docker Engine API 1.41 over its unix socket.
namespace muster::process {

/// Labels of every container of ours: the run it belongs to, and the scope.
inline constexpr std::string_view kRunLabel = "muster.run";
inline constexpr std::string_view kScopeLabel = "muster.scope";

/// A container as the engine sees it (`GET /containers/{id}/json`).
struct ContainerState {
  std::string id;
  std::string status;  ///< `created`, `running`, `exited`, `dead`, …
  bool running = false;
  int exit_code = 0;
  std::string health;  ///< `starting`, `healthy`, `unhealthy`; empty: it has no health check
  std::map<std::string, std::string> labels;
  std::map<std::string, int> ports;  ///< `5432/tcp` → port of this host
};

/// Kinds of what an engine keeps, each listed by label and removed by id or name.
enum class EngineObject { container, network, volume };

/// A client of one engine. Errors, by the status of its answer: `engine_missing` (404),
/// `engine_conflict` (409), `engine_refused` (other 4xx), `engine_failed` (5xx),
/// `engine_unreachable` (no answer), `engine_answer` (not what the API says). The message holds
/// what the engine says, for people alone.
class Engine {
 public:
  explicit Engine(net::Address address) : address_(std::move(address)) {}
  /// Where `DOCKER_HOST` says, else /var/run/docker.sock. Error `engine_address` for what is no
  /// unix socket.
  static Result<Engine> at(const std::string& docker_host);

  /// The engine's version, `24.0.7 (API 1.43)`.
  boost::asio::awaitable<Result<std::string>> version() const;
  boost::asio::awaitable<Result<bool>> has_image(std::string image) const;
  /// Fetches an image, which may take minutes.
  boost::asio::awaitable<Result<void>> pull(std::string image,
                                            std::chrono::milliseconds within) const;
  /// Makes a container; its id.
  boost::asio::awaitable<Result<std::string>> create(std::string name, Json body) const;
  boost::asio::awaitable<Result<void>> start(std::string id) const;
  /// Asks it to end, and ends it after `grace`. Success also when it has ended or is gone.
  boost::asio::awaitable<Result<void>> stop(std::string id, std::chrono::seconds grace) const;
  /// Removes it with its anonymous volumes, running or not. Success also when it is gone.
  boost::asio::awaitable<Result<void>> remove(std::string id) const;
  /// By id or name.
  boost::asio::awaitable<Result<ContainerState>> inspect(std::string id) const;
  /// Its last lines, of both streams.
  boost::asio::awaitable<Result<std::string>> logs(std::string id, int lines) const;
  /// Ids of the containers with a label of that value, ended ones too.
  boost::asio::awaitable<Result<std::vector<std::string>>> labelled(std::string label,
                                                                    std::string value) const;

  /// Makes a network of `body` (`NetworkCreate`); its id. Error `engine_conflict` for a name in
  /// use.
  boost::asio::awaitable<Result<std::string>> create_network(Json body) const;
  /// Makes a volume of `body` (`VolumeCreate`). The engine gives back one that exists under that
  /// name: error `engine_conflict` unless it carries the labels asked for.
  boost::asio::awaitable<Result<void>> create_volume(Json body) const;
  /// Ids (of volumes: names) of what carries a label of that value, ended containers too.
  boost::asio::awaitable<Result<std::vector<std::string>>> labelled(EngineObject kind,
                                                                    std::string label,
                                                                    std::string value) const;
  /// Removes one. Success also when it is gone.
  boost::asio::awaitable<Result<void>> remove(EngineObject kind, std::string id) const;
  /// Takes the images of a docker-archive (`docker save`).
  boost::asio::awaitable<Result<void>> load(std::string archive) const;
  /// Gives an image that is there one more name, `name[:tag]`.
  boost::asio::awaitable<Result<void>> tag(std::string image, std::string name) const;
  /// Takes a name from an image, and removes it with its last one. Success also when it is gone.
  boost::asio::awaitable<Result<void>> remove_image(std::string image) const;

  const net::Address& address() const { return address_; }

 private:
  struct Answer {
    int status = 0;
    std::string body;
  };
  boost::asio::awaitable<Result<Answer>> exchange(std::string method, std::string target,
                                                  std::string type, std::string body,
                                                  std::chrono::milliseconds within) const;
  boost::asio::awaitable<Result<Answer>> call(
      std::string method, std::string target, std::optional<Json> body = std::nullopt,
      std::chrono::milliseconds within = std::chrono::seconds(30)) const;
  boost::asio::awaitable<Result<Json>> ask(std::string target) const;

  net::Address address_;
};

/// Removes every container of a run, then its networks and volumes, round by round until a round
/// finds none (the engine may still be making what it was asked for), blocking, for at most
/// `within`. Returns how many objects. For the watchdog of a keeper or run that was killed.
std::size_t sweep_containers(const net::Address& engine, const std::string& run_id,
                             std::chrono::milliseconds within);

}  // namespace muster::process
