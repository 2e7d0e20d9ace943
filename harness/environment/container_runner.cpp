#include "environment/container_runner.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/ids.hpp"
#include "net/client.hpp"
#include "process/launcher.hpp"
#include "process/ports.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

using process::ContainerState;
using std::chrono::milliseconds;

constexpr std::chrono::minutes kPullTime{10};
constexpr milliseconds kPause{50};
constexpr milliseconds kWatch{500};  ///< between two looks at a container that is up
constexpr int kLastLines = 20;

asio::awaitable<void> pause(asio::any_io_executor executor, milliseconds time) {
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<bool> connects(asio::any_io_executor executor, int port) {
  asio::ip::tcp::socket socket(executor);
  const asio::ip::tcp::endpoint target(asio::ip::address_v4::loopback(),
                                       static_cast<std::uint16_t>(port));
  const auto [refused] = co_await socket.async_connect(target, asio::as_tuple(asio::use_awaitable));
  co_return !refused;
}

std::string engine_address(const Surroundings& around) {
  const char* host = process::env_value(around.base_environment, "DOCKER_HOST");
  return host != nullptr ? host : "";
}

std::string ending_words(const ContainerState& state) {
  return "its container " + state.status + " (exit code " + std::to_string(state.exit_code) + ")";
}

Ending ending_of(const Result<ContainerState>& state) {
  if (!state) return {false, state.error().message, {{"error", state.error().code}}};
  return {state->exit_code == 0, ending_words(*state), {{"exited", state->exit_code}}};
}

}  // namespace

ContainerRunner::ContainerRunner(Unit& unit, const Surroundings& around)
    : unit_(unit), around_(around), engine_(process::Engine::at(engine_address(around))) {}

ContainerRunner::Failure ContainerRunner::failed(Error why) const {
  StartFailure failure = start_failure(std::move(why));
  // the engine answers 500 to a taken port as to anything else; the port itself tells
  if (unit_.port && !unit_.port->socket.fd && failure.error.code == "engine_failed") {
    const auto free = process::listen_loopback(static_cast<std::uint16_t>(port()));
    failure.port_taken_by_other = !free && free.error().code == "listen_in_use";
  }
  return failure;
}

asio::awaitable<std::optional<StartFailure>> ContainerRunner::try_once(
    std::function<void()> launched) {
  if (!engine_) co_return failed(engine_.error());
  const requirements::ContainerOwner owner{around_.run_id, around_.scope_name, around_.project};
  auto plan = requirements::plan_container(unit_.requirement->spec, owner, random_hex(16));
  if (!plan) co_return failed(plan.error());
  plan_ = std::move(*plan);
  unit_.requirement->variables = plan_.variables;
  unit_.requirement->container_name = plan_.name;
  if (around_.announce_engine) around_.announce_engine(net::to_string(engine_->address()));
  Failure failure = co_await provide_image();
  if (!failure) failure = co_await clear_name();
  if (!failure && unit_.stopping)
    failure = start_failure(error("stopped", "it was stopped meanwhile"));
  if (failure) co_return failure;
  // the engine binds it now, and it may not share
  if (unit_.port) unit_.port->socket.fd.reset();
  failure = co_await create_and_start();
  if (!failure) {
    launched();
    failure = co_await until_ready();
  }
  if (failure) co_await discard();
  co_return failure;
}

asio::awaitable<ContainerRunner::Failure> ContainerRunner::provide_image() {
  const auto there = co_await engine_->has_image(plan_.image);
  if (!there) co_return failed(there.error());
  if (*there) co_return std::nullopt;
  tell_waiting("image " + plan_.image);
  const auto pulled = co_await engine_->pull(plan_.image, kPullTime);
  if (!pulled) co_return failed(pulled.error());
  co_return std::nullopt;
}

asio::awaitable<ContainerRunner::Failure> ContainerRunner::clear_name() {
  const auto known = co_await engine_->inspect(plan_.name);
  if (!known) {
    if (known.error().code == "engine_missing") co_return std::nullopt;
    co_return failed(known.error());
  }
  const auto scope = known->labels.find(std::string(process::kScopeLabel));
  if (scope == known->labels.end() || scope->second != around_.scope_name)
    co_return failed(error("container_foreign", "the container " + plan_.name + " is not muster's",
                           "rename or remove it"));
  // of a run that is over: its port stays ours
  const auto published = known->ports.find(std::to_string(plan_.inner_port) + "/tcp");
  if (published != known->ports.end() && unit_.port && known->running) {
    unit_.port->plan.source = artifacts::PortSource::existing_container;
    unit_.port->plan.final_port = published->second;
  }
  const auto removed = co_await engine_->remove(known->id);
  if (!removed) co_return failed(removed.error());
  co_return std::nullopt;
}

asio::awaitable<ContainerRunner::Failure> ContainerRunner::create_and_start() {
  auto created = co_await engine_->create(plan_.name, plan_.body(port()));
  if (!created) co_return failed(created.error());
  id_ = std::move(*created);
  const auto started = co_await engine_->start(id_);
  if (!started) co_return failed(started.error());
  co_return std::nullopt;
}

asio::awaitable<bool> ContainerRunner::answers(services::ReadySpec wanted, std::string health) {
  // its own health check knows better than a connection, which the engine's proxy takes at once
  if (!health.empty()) co_return health == "healthy";
  if (wanted.kind == services::ReadyKind::http) {
    net::Request request;
    request.target = wanted.argument.empty() ? "/" : wanted.argument;
    const net::Address address = net::Address::tcp("127.0.0.1", static_cast<std::uint16_t>(port()));
    const auto response =
        co_await net::send(address, std::move(request), std::chrono::seconds(1), 64 * 1024);
    co_return response && response->status == 200;
  }
  if (wanted.kind == services::ReadyKind::log) {
    const auto logs = co_await engine_->logs(id_, 1000);
    co_return logs && logs->find(wanted.argument) != std::string::npos;
  }
  const bool connected = co_await connects(around_.executor, port());
  co_return connected;
}

asio::awaitable<ContainerRunner::Failure> ContainerRunner::until_ready() {
  const auto deadline = std::chrono::steady_clock::now() + unit_.spec.ready_within;
  const auto died = [this](const ContainerState& state, const std::string& lines) {
    return failed(error("died_before_ready", ending_words(state), lines));
  };
  std::string health;
  while (std::chrono::steady_clock::now() < deadline && !unit_.stopping) {
    const auto state = co_await engine_->inspect(id_);
    if (!state) co_return failed(state.error());
    health = state->health;
    if (!state->running && state->status != "created") {
      const auto lines = co_await engine_->logs(id_, kLastLines);
      co_return died(*state, lines ? *lines : "");
    }
    for (const services::ReadySpec& wanted : plan_.ready) {
      const bool ready = co_await answers(wanted, health);
      if (ready) co_return std::nullopt;
    }
    co_await pause(around_.executor, kPause);
  }
  co_return failed(error("not_ready", unit_.spec.name + " is not ready after " +
                                          std::to_string(unit_.spec.ready_within.count()) + " ms" +
                                          (health.empty() ? "" : ", its container is " + health)));
}

asio::awaitable<Ending> ContainerRunner::until_ended() {
  // the API's wait would hold a connection open for the life of the container
  for (;;) {
    const auto state = co_await engine_->inspect(id_);
    if (!state || !state->running) co_return ending_of(state);
    co_await pause(around_.executor, kWatch);
    if (unit_.stopping) co_return ending_of(state);
  }
}

asio::awaitable<Json> ContainerRunner::stop() {
  Json told;
  if (id_.empty()) co_return told;
  const auto stopped = co_await engine_->stop(
      id_, std::chrono::duration_cast<std::chrono::seconds>(unit_.spec.stop_grace));
  co_await discard();
  told["container"] = plan_.name;
  if (!stopped) told["error"] = stopped.error().message;
  co_return told;
}

asio::awaitable<void> ContainerRunner::discard() {
  if (id_.empty()) co_return;
  const std::string id = std::exchange(id_, std::string());
  const auto removed = co_await engine_->remove(id);
  if (!removed) tell_left(removed.error());
}

void ContainerRunner::tell_waiting(const std::string& what) const {
  around_.tell("service.waiting", unit_, {{"awaits", what}});
}

void ContainerRunner::tell_left(const Error& why) const {
  around_.tell("service.left", unit_, {{"container", plan_.name}, {"reason", why.message}});
}

}  // namespace muster::environment
