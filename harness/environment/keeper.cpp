#include "environment/keeper.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "artifacts/lock.hpp"
#include "environment/control.hpp"
#include "environment/unit.hpp"
#include "process/group.hpp"
#include "process/watchdog.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

using artifacts::Status;
using std::chrono::milliseconds;

/// Changes that come together are published together.
constexpr milliseconds kPublishDelay{20};

class Keeper {
 public:
  Keeper(const Blueprint& blueprint, const std::function<void(const Json&)>& report)
      : blueprint_(blueprint), report_(report), publishing_(io_), signals_(io_) {}

  int run(process::Watchdog& watchdog) {
    if (auto prepared = prepare(watchdog); !prepared) {
      say_failed(prepared.error());
      return 1;
    }
    for (const auto& [name, unit] : units_) {
      ++running_;
      asio::co_spawn(io_, supervise(unit, around_),
                     [this](std::exception_ptr) { one_has_ended(); });
    }
    asio::co_spawn(io_, starting(), asio::detached);
    watch_signals();
    io_.run();
    return failed_ ? 1 : 0;
  }

 private:
  Result<void> prepare(process::Watchdog& watchdog) {
    auto repository = artifacts::Repository::open(blueprint_.runtime_directory, blueprint_.scope);
    if (!repository) return repository.error();
    repository_ = std::move(*repository);
    if (!blueprint_.compat_root.empty()) {
      if (auto mirrored = repository_->mirror_in(blueprint_.compat_root); !mirrored)
        return mirrored;
    }
    auto lock =
        artifacts::Lock::take(repository_->locks(), "keeper",
                              {::getpid(), "env keeper", to_rfc3339(system_clock().wall())});
    if (!lock) return lock.error();
    lock_ = std::move(*lock);
    auto events = repository_->begin(blueprint_.run_id, "trace-" + blueprint_.run_id);
    if (!events) return events.error();
    events_.emplace(std::move(*events));

    if (auto sockets = make_socket_directory(); !sockets) return sockets;
    process::GroupOptions options;
    options.run_id = blueprint_.run_id;
    options.id = "environment";
    options.log_dir = repository_->run_path(blueprint_.run_id);
    options.socket_dir = socket_directory_;
    auto group = process::Group::create(io_.get_executor(), std::move(options));
    if (!group) return group.error();
    group_ = std::move(*group);
    if (auto added = watchdog.add(group_->record()); !added) return added;

    auto ports = plan_ports(blueprint_.services, blueprint_.previous_ports, blueprint_.variables,
                            blueprint_.port_offset);
    if (!ports) return ports.error();
    for (const services::ServiceSpec& spec : blueprint_.services) {
      auto unit = std::make_shared<Unit>(spec, io_.get_executor());
      unit->record.project = blueprint_.project;
      unit->record.type = spec.name;
      unit->record.cwd = spec.cwd;
      unit->record.critical = spec.critical;
      if (auto port = ports->find(spec.name); port != ports->end()) {
        unit->record.requested_port = port->second.plan.requested;
        unit->port = std::move(port->second);
      }
      units_[spec.name] = std::move(unit);
    }
    around_.group = group_.get();
    around_.units = &units_;
    around_.project = blueprint_.project;
    for (const auto& [name, value] : blueprint_.variables)
      around_.base_environment.push_back(name + "=" + value);
    around_.tell = [this](const std::string& event, const Unit& unit, Json data) {
      data["service"] = display_name(blueprint_.project, unit.spec.name);
      happened(event, std::move(data));
    };
    auto door = ControlDoor::open(io_.get_executor(), repository_->folder(),
                                  [this](Json request) { return answer(std::move(request)); });
    if (!door) return door.error();
    door_.emplace(std::move(*door));
    return {};
  }

  /// Paths of sockets are short, so they do not lie in the run's folder.
  Result<void> make_socket_directory() {
    std::string pattern = std::filesystem::temp_directory_path().string() + "/muster-env-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
      return error("socket_directory", "can not make " + pattern);
    socket_directory_ = pattern;
    return {};
  }

  void happened(const std::string& event, Json data) {
    if (!started_) {
      Json step = data;
      step["event"] = event;
      report_(step);
    }
    if (auto added = events_->add(event,
                                  ending_    ? "stop"
                                  : started_ ? "runtime"
                                             : "startup",
                                  data);
        !added && problem_.empty())
      problem_ = added.error().message;
    publish_soon();
  }

  void publish_soon() {
    if (publish_planned_ || !started_ || ending_) return;
    publish_planned_ = true;
    publishing_.expires_after(kPublishDelay);
    publishing_.async_wait([this](boost::system::error_code cancelled) {
      publish_planned_ = false;
      if (!cancelled) publish();
    });
  }

  void publish() {
    artifacts::Publication made = publication();
    if (auto published = repository_->publish(made); !published && problem_.empty())
      problem_ = published.error().message;
  }

  artifacts::Publication publication() const {
    artifacts::Publication made;
    made.state.run_id = blueprint_.run_id;
    made.state.mode = blueprint_.mode;
    made.state.backend_mode = process::to_string(group_->record().backend);
    made.state.metadata = {{"project_roots", {{blueprint_.project, blueprint_.root}}},
                           {"project_names", {blueprint_.project}},
                           {"repo_scope_id", blueprint_.scope},
                           {"keeper_pid", ::getpid()}};
    artifacts::ProjectPorts ports{blueprint_.project, blueprint_.root, {}};
    made.errors.run_id = blueprint_.run_id;
    made.errors.generated_at = to_rfc3339(system_clock().wall());
    for (const auto& [name, unit] : units_) {
      made.state.services[display_name(blueprint_.project, name)] = unit->record;
      if (unit->port) ports.ports[name] = unit->port->plan;
      if (!unit->failure) continue;
      made.errors.errors.push_back(*unit->failure);
      if (unit->spec.critical)
        made.readiness.errors.push_back(name + ": " + unit->failure->message);
      else
        made.readiness.warnings.push_back(name + ": " + unit->failure->message);
    }
    made.ports.run_id = blueprint_.run_id;
    made.ports.mode = blueprint_.mode;
    made.ports.projects = {std::move(ports)};
    made.readiness.passed = made.readiness.errors.empty();
    return made;
  }

  /// Until it is known of each service whether it is up; then the caller of the start is told.
  asio::awaitable<void> starting() {
    for (const auto& [name, unit] : units_) co_await unit->ready.decided();
    std::optional<artifacts::Failure> first;
    bool critical_failed = false;
    for (const auto& [name, unit] : units_) {
      if (!unit->failure) continue;
      if (!first) first = unit->failure;
      critical_failed = critical_failed || unit->spec.critical;
    }
    publish();
    started_ = true;
    failed_ = critical_failed;
    Json last{{"event", critical_failed ? "failed" : "up"},
              {"run_id", blueprint_.run_id},
              {"keeper_pid", ::getpid()}};
    if (first) last["failure"] = artifacts::to_json(*first);
    if (!problem_.empty()) last["problem"] = problem_;
    report_(last);
    end_when_all_have_ended();
  }

  void say_failed(const Error& why) {
    report_(
        {{"event", "failed"},
         {"failure",
          {{"code", why.code}, {"message", why.message}, {"hint", why.hint}, {"subject", ""}}}});
    if (!socket_directory_.empty()) remove_sockets();
  }

  asio::awaitable<Json> answer(Json request) {
    const std::string what = string_at(request, "do");
    if (what == "status") co_return status();
    if (what == "stop") {
      co_await stop_named(request);
      co_return status();
    }
    if (what == "shutdown") {
      co_await shut_down();
      Json gone{{"ok", true}, {"run_id", blueprint_.run_id}};
      asio::post(io_, [this] { leave(); });
      co_return gone;
    }
    Json unknown{{"ok", false}, {"error", "the keeper does not know how to " + what}};
    co_return unknown;
  }

  Json status() const {
    return {{"ok", true},
            {"pid", ::getpid()},
            {"run_id", blueprint_.run_id},
            {"state", artifacts::to_json(publication().state)},
            {"problem", problem_}};
  }

  asio::awaitable<void> stop_named(Json request) {
    for (const Json& name : request.value("services", Json::array())) {
      const auto at = name.is_string() ? units_.find(name.get<std::string>()) : units_.end();
      if (at == units_.end()) continue;
      const std::shared_ptr<Unit> unit = at->second;
      co_await stop(unit, around_);
    }
    publish();
  }

  /// Everything is stopped, last started first, and the last state is published.
  asio::awaitable<void> shut_down() {
    if (ending_) co_return;
    ending_ = true;
    publishing_.cancel();
    for (const auto& [name, unit] : units_) unit->stopping = true;
    const auto order = services::start_order(blueprint_.services);
    if (order) {
      for (auto name = order->rbegin(); name != order->rend(); ++name) {
        const std::shared_ptr<Unit> unit = units_.at(*name);
        co_await stop(unit, around_);
      }
    }
    const process::GroupEnd end = co_await group_->end(milliseconds(0));
    happened("environment.stopped", {{"leaked", end.leaked.size()}});
    publish();
  }

  void one_has_ended() {
    --running_;
    end_when_all_have_ended();
  }

  /// Nothing lives any more: there is nothing to keep.
  void end_when_all_have_ended() {
    if (running_ > 0 || !started_ || ending_) return;
    asio::co_spawn(io_, shut_down(), [this](std::exception_ptr) { leave(); });
  }

  void watch_signals() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.async_wait([this](boost::system::error_code cancelled, int) {
      if (cancelled) return;
      asio::co_spawn(io_, shut_down(), [this](std::exception_ptr) { leave(); });
    });
  }

  void leave() {
    door_.reset();
    remove_sockets();
    io_.stop();
  }

  void remove_sockets() const {
    std::error_code ignored;
    std::filesystem::remove_all(socket_directory_, ignored);
  }

  const Blueprint& blueprint_;
  const std::function<void(const Json&)>& report_;
  asio::io_context io_{1};
  asio::steady_timer publishing_;
  asio::signal_set signals_;
  std::optional<artifacts::Repository> repository_;
  std::optional<artifacts::Lock> lock_;
  std::optional<artifacts::EventLog> events_;
  std::string socket_directory_;
  std::unique_ptr<process::Group> group_;
  std::map<std::string, std::shared_ptr<Unit>> units_;
  Surroundings around_;
  std::optional<ControlDoor> door_;
  std::size_t running_ = 0;
  std::string problem_;  ///< of writing artifacts, the first
  bool publish_planned_ = false;
  bool started_ = false;
  bool failed_ = false;
  bool ending_ = false;
};

}  // namespace

std::string display_name(const std::string& project, const std::string& service) {
  std::string name = service;
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return project + " " + name;
}

int keep(const Blueprint& blueprint, const std::function<void(const Json&)>& report) {
  auto watchdog = process::start_watchdog(blueprint.run_id);
  if (!watchdog) {
    report({{"event", "failed"},
            {"failure", {{"code", watchdog.error().code}, {"message", watchdog.error().message}}}});
    return 1;
  }
  const int code = Keeper(blueprint, report).run(*watchdog);
  watchdog->done();
  return code;
}

}  // namespace muster::environment
