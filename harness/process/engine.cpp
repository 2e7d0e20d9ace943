#include "process/engine.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "base/text.hpp"
#include "net/client.hpp"

namespace muster::process {
namespace asio = boost::asio;
using std::chrono::milliseconds;
namespace {

constexpr const char* kSocket = "/var/run/docker.sock";
constexpr const char* kApi = "/v1.41";
constexpr std::size_t kMaxBody = 16 * 1024 * 1024;

/// Percent-encoded, for a query.
std::string encoded(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain)
      made += c;
    else
      made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return made;
}

/// `{"message": "…"}`, as the engine says what is wrong.
std::string said(const std::string& body) {
  const auto json = parse_json(body);
  const std::string message = json && json->is_object() ? string_at(*json, "message") : body;
  return printable(shorten(std::string(trim(message)), 500));
}

Error refusal(int status, const std::string& what, const std::string& body) {
  const char* code = status == 404   ? "engine_missing"
                     : status == 409 ? "engine_conflict"
                     : status >= 500 ? "engine_failed"
                                     : "engine_refused";
  return error(code,
               fmt::format("the container engine answers {} to {}: {}", status, what, said(body)));
}

Error unexpected(const std::string& what) {
  return error("engine_answer",
               "the container engine's answer to " + what + " is not as its API says");
}

/// Output is framed: a byte for the stream, three of nothing, four of length, big-endian.
std::string unframed(std::string_view body) {
  std::string text;
  while (body.size() >= 8 && body[0] >= 0 && body[0] <= 2 && body[1] == 0) {
    std::size_t size = 0;
    for (int i = 4; i < 8; ++i) size = size * 256 + static_cast<unsigned char>(body[i]);
    text += body.substr(8, size);
    body.remove_prefix(std::min(body.size(), 8 + size));
  }
  return text.empty() ? std::string(body) : text;
}

ContainerState state_of(const Json& json) {
  ContainerState state;
  state.id = string_at(json, "Id");
  const Json at = json.value("State", Json::object());
  state.status = string_at(at, "Status");
  state.running = at.value("Running", false);
  state.exit_code = at.value("ExitCode", 0);
  if (at.contains("Health") && at["Health"].is_object())
    state.health = string_at(at["Health"], "Status");
  const Json labels = json.value("Config", Json::object()).value("Labels", Json::object());
  for (const auto& [name, value] : labels.items())
    if (value.is_string()) state.labels[name] = value.get<std::string>();
  const Json ports = json.value("NetworkSettings", Json::object()).value("Ports", Json::object());
  for (const auto& [inner, published] : ports.items()) {
    if (!published.is_array() || published.empty() || !published[0].is_object()) continue;
    const std::string port = string_at(published[0], "HostPort");
    if (!port.empty() && port.find_first_not_of("0123456789") == port.npos && port.size() < 6)
      state.ports[inner] = std::stoi(port);
  }
  return state;
}

}  // namespace

Result<Engine> Engine::at(const std::string& docker_host) {
  if (docker_host.empty()) return Engine(net::Address::unix_path(kSocket));
  auto address = net::parse_address(docker_host);
  if (address && address->is_unix()) return Engine(*address);
  return error("engine_address", "DOCKER_HOST=" + docker_host + " is no unix socket",
               "unix:///var/run/docker.sock");
}

asio::awaitable<Result<Engine::Answer>> Engine::call(std::string method, std::string target,
                                                     std::optional<Json> body,
                                                     milliseconds within) const {
  std::string type = body ? "application/json" : "";
  std::string text = body ? dump_json(*body) : "";
  co_return co_await exchange(std::move(method), std::move(target), std::move(type),
                              std::move(text), within);
}

asio::awaitable<Result<Engine::Answer>> Engine::exchange(std::string method, std::string target,
                                                         std::string type, std::string body,
                                                         milliseconds within) const {
  net::Request request;
  request.method = std::move(method);
  request.target = kApi + target;
  if (!type.empty()) request.headers.add("Content-Type", std::move(type));
  request.body = std::move(body);
  auto response = co_await net::send(address_, std::move(request), within, kMaxBody);
  if (!response)
    co_return error("engine_unreachable",
                    "no container engine answers: " + response.error().message,
                    "start it, or set DOCKER_HOST=unix:///path");
  co_return Answer{response->status, std::move(response->body)};
}

asio::awaitable<Result<Json>> Engine::ask(std::string target) const {
  auto answer = co_await call("GET", target);
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return refusal(answer->status, "GET " + target, answer->body);
  auto json = parse_json(answer->body);
  if (!json) co_return unexpected("GET " + target);
  co_return std::move(*json);
}

asio::awaitable<Result<std::string>> Engine::version() const {
  auto json = co_await ask("/version");
  if (!json) co_return json.error();
  if (!json->is_object()) co_return unexpected("GET /version");
  co_return string_at(*json, "Version") + " (API " + string_at(*json, "ApiVersion") + ")";
}

asio::awaitable<Result<bool>> Engine::has_image(std::string image) const {
  auto json = co_await ask("/images/" + image + "/json");
  if (json) co_return true;
  if (json.error().code == "engine_missing") co_return false;
  co_return json.error();
}

asio::awaitable<Result<void>> Engine::pull(std::string image, milliseconds within) const {
  const std::string target = "/images/create?fromImage=" + encoded(image);
  auto answer = co_await call("POST", target, std::nullopt, within);
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return refusal(answer->status, "POST " + target, answer->body);
  // its progress, a line each; the status was sent before anything could fail
  for (const std::string& line : split(answer->body, '\n')) {
    const auto step = parse_json(line);
    if (step && step->is_object() && step->contains("error"))
      co_return error("engine_missing", "the image " + image + " can not be fetched: " +
                                            printable(string_at(*step, "error")));
  }
  co_return Result<void>();
}

asio::awaitable<Result<std::string>> Engine::create(std::string name, Json body) const {
  const std::string target = "/containers/create?name=" + encoded(name);
  auto answer = co_await call("POST", target, std::move(body));
  if (!answer) co_return answer.error();
  if (answer->status != 201) co_return refusal(answer->status, "POST " + target, answer->body);
  const auto json = parse_json(answer->body);
  const std::string id = json && json->is_object() ? string_at(*json, "Id") : "";
  if (id.empty()) co_return unexpected("POST " + target);
  co_return id;
}

asio::awaitable<Result<void>> Engine::start(std::string id) const {
  auto answer = co_await call("POST", "/containers/" + id + "/start");
  if (!answer) co_return answer.error();
  if (answer->status == 204 || answer->status == 304) co_return Result<void>();
  co_return refusal(answer->status, "starting " + id, answer->body);
}

asio::awaitable<Result<void>> Engine::stop(std::string id, std::chrono::seconds grace) const {
  auto answer =
      co_await call("POST", "/containers/" + id + "/stop?t=" + std::to_string(grace.count()),
                    std::nullopt, grace + std::chrono::seconds(30));
  if (!answer) co_return answer.error();
  if (answer->status == 204 || answer->status == 304 || answer->status == 404)
    co_return Result<void>();
  co_return refusal(answer->status, "stopping " + id, answer->body);
}

asio::awaitable<Result<void>> Engine::remove(std::string id) const {
  auto answer = co_await call("DELETE", "/containers/" + id + "?force=true&v=true");
  if (!answer) co_return answer.error();
  if (answer->status == 204 || answer->status == 404) co_return Result<void>();
  co_return refusal(answer->status, "removing " + id, answer->body);
}

asio::awaitable<Result<ContainerState>> Engine::inspect(std::string id) const {
  auto json = co_await ask("/containers/" + id + "/json");
  if (!json) co_return json.error();
  if (!json->is_object() || string_at(*json, "Id").empty())
    co_return unexpected("GET /containers/" + id + "/json");
  try {
    co_return state_of(*json);
  } catch (const Json::exception&) {
    // a member of another type
  }
  co_return unexpected("GET /containers/" + id + "/json");
}

asio::awaitable<Result<std::string>> Engine::logs(std::string id, int lines) const {
  auto answer = co_await call(
      "GET", "/containers/" + id + "/logs?stdout=true&stderr=true&tail=" + std::to_string(lines));
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return refusal(answer->status, "logs of " + id, answer->body);
  co_return unframed(answer->body);
}

asio::awaitable<Result<std::vector<std::string>>> Engine::labelled(std::string label,
                                                                   std::string value) const {
  co_return co_await labelled(EngineObject::container, std::move(label), std::move(value));
}

asio::awaitable<Result<std::vector<std::string>>> Engine::labelled(EngineObject kind,
                                                                   std::string label,
                                                                   std::string value) const {
  const bool volumes = kind == EngineObject::volume;
  const std::string what = kind == EngineObject::container ? "/containers/json?all=true&filters="
                           : volumes                       ? "/volumes?filters="
                                                           : "/networks?filters=";
  // built by hand: nested initializer lists are read as pairs
  Json wanted = Json::array();
  wanted.push_back(label + "=" + value);
  Json filters = Json::object();
  filters["label"] = std::move(wanted);
  auto json = co_await ask(what + encoded(dump_json(filters)));
  if (!json) co_return json.error();
  std::vector<std::string> ids;
  // of no volume at all, the list is null
  const Json list = volumes && json->is_object() ? json->value("Volumes", Json::array()) : *json;
  if (!list.is_array() && !list.is_null()) co_return unexpected("GET " + what);
  for (const Json& one : list)
    if (one.is_object()) ids.push_back(string_at(one, volumes ? "Name" : "Id"));
  co_return ids;
}

asio::awaitable<Result<std::string>> Engine::create_network(Json body) const {
  auto answer = co_await call("POST", "/networks/create", std::move(body));
  if (!answer) co_return answer.error();
  if (answer->status != 201) co_return refusal(answer->status, "making a network", answer->body);
  const auto json = parse_json(answer->body);
  const std::string id = json && json->is_object() ? string_at(*json, "Id") : "";
  if (id.empty()) co_return unexpected("POST /networks/create");
  co_return id;
}

asio::awaitable<Result<void>> Engine::create_volume(Json body) const {
  const Json wanted = body.value("Labels", Json::object());
  const std::string name = string_at(body, "Name");
  auto answer = co_await call("POST", "/volumes/create", std::move(body));
  if (!answer) co_return answer.error();
  if (answer->status != 201) co_return refusal(answer->status, "making a volume", answer->body);
  const auto json = parse_json(answer->body);
  if (!json || !json->is_object()) co_return unexpected("POST /volumes/create");
  if (json->value("Labels", Json()) == wanted) co_return Result<void>();
  co_return error("engine_conflict", "the volume " + name + " exists, and it is another's",
                  "rename or remove it");
}

asio::awaitable<Result<void>> Engine::remove(EngineObject kind, std::string id) const {
  if (kind == EngineObject::container) co_return co_await remove(std::move(id));
  const std::string target =
      (kind == EngineObject::volume ? "/volumes/" : "/networks/") + encoded(id);
  auto answer = co_await call("DELETE", target);
  if (!answer) co_return answer.error();
  if (answer->status == 204 || answer->status == 404) co_return Result<void>();
  co_return refusal(answer->status, "removing " + id, answer->body);
}

asio::awaitable<Result<void>> Engine::load(std::string archive) const {
  auto answer = co_await exchange("POST", "/images/load?quiet=true", "application/x-tar",
                                  std::move(archive), std::chrono::minutes(2));
  if (!answer) co_return answer.error();
  if (answer->status != 200) co_return refusal(answer->status, "loading an image", answer->body);
  // the status was sent before anything could fail
  for (const std::string& line : split(answer->body, '\n')) {
    const auto step = parse_json(line);
    if (step && step->is_object() && step->contains("error"))
      co_return error("engine_failed",
                      "the image can not be loaded: " + printable(string_at(*step, "error")));
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> Engine::tag(std::string image, std::string name) const {
  // a colon before the last slash is that of a registry's port
  const std::size_t slash = name.rfind('/') == name.npos ? 0 : name.rfind('/');
  const std::size_t colon = name.find(':', slash);
  const std::string repository = name.substr(0, colon);
  const std::string tag = colon == name.npos ? "latest" : name.substr(colon + 1);
  auto answer = co_await call(
      "POST", "/images/" + image + "/tag?repo=" + encoded(repository) + "&tag=" + encoded(tag));
  if (!answer) co_return answer.error();
  if (answer->status == 201) co_return Result<void>();
  co_return refusal(answer->status, "tagging " + image + " as " + name, answer->body);
}

asio::awaitable<Result<void>> Engine::remove_image(std::string image) const {
  auto answer = co_await call("DELETE", "/images/" + image + "?force=true");
  if (!answer) co_return answer.error();
  if (answer->status == 200 || answer->status == 404) co_return Result<void>();
  co_return refusal(answer->status, "removing the image " + image, answer->body);
}

namespace {

constexpr int kCleanRounds = 2;
/// Long enough for an engine to list what it had begun to make when its client was killed.
constexpr std::chrono::milliseconds kBetweenRounds{300};

/// Removes what carries the run's label; how many there were that no round before removed.
asio::awaitable<std::size_t> remove_round(const Engine& engine, std::string run_id,
                                          std::set<std::string>& removed) {
  std::size_t found = 0;
  for (const EngineObject kind :
       {EngineObject::container, EngineObject::network, EngineObject::volume}) {
    const auto ids = co_await engine.labelled(kind, std::string(kRunLabel), run_id);
    if (!ids) continue;
    for (const std::string& id : *ids) {
      if (removed.contains(id)) continue;
      ++found;
      const auto gone = co_await engine.remove(kind, id);
      if (gone) removed.insert(id);
    }
  }
  co_return found;
}

asio::awaitable<void> remove_all(Engine engine, std::string run_id,
                                 std::set<std::string>& removed) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (int clean = 0; clean < kCleanRounds;) {
    const std::size_t found = co_await remove_round(engine, run_id, removed);
    clean = found == 0 ? clean + 1 : 0;
    if (clean >= kCleanRounds) break;
    pause.expires_after(kBetweenRounds);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

}  // namespace

std::size_t sweep_containers(const net::Address& engine, const std::string& run_id,
                             milliseconds within) {
  std::set<std::string> removed;
  asio::io_context io{1};
  asio::co_spawn(io, remove_all(Engine(engine), run_id, removed), [](std::exception_ptr) {});
  io.run_for(within);
  return removed.size();
}

}  // namespace muster::process
