#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "environment/failure_class.hpp"
#include "environment/unit.hpp"
#include "process/log_capture.hpp"
#include "process/readiness.hpp"
#include "truth/service_truth.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

using artifacts::Status;
using std::chrono::milliseconds;

constexpr int kBudget = 3;  ///< further tries of each failure class
constexpr milliseconds kLongestDelay{10'000};
constexpr std::chrono::seconds kSteady{60};  ///< after that long a restart counts as the first
constexpr std::size_t kLastLines = 20;

/// What has become of one try to start.
struct Try {
  std::optional<StartFailure> failure;
};

class Supervision {
 public:
  Supervision(std::shared_ptr<Unit> unit, const Surroundings& around)
      : unit_(std::move(unit)), around_(around) {}

  asio::awaitable<void> run() {
    const bool free = co_await dependencies();
    while (free && !unit_->stopping) {
      const bool up = co_await start();
      if (!up) break;
      const process::ExitStatus exit = co_await unit_->program->wait();
      const bool again = co_await ended(exit);
      if (!again) break;
    }
    miss_the_rest();
  }

 private:
  /// False when something it needs will never be there.
  asio::awaitable<bool> dependencies() {
    for (const services::Dependency& needed : unit_->spec.depends_on) {
      const std::shared_ptr<Unit> other = around_.units->at(needed.name);
      Milestone& milestone = other->milestone(needed.condition);
      co_await milestone.decided();
      if (milestone.reached()) continue;
      fail("dependency_failed",
           "it needs " + needed.name + "@" + std::string(services::to_string(needed.condition)) +
               ", which did not come",
           "muster env logs " + needed.name, "");
      co_return false;
    }
    co_return !unit_->stopping;
  }

  void miss_the_rest() {
    unit_->started.miss();
    unit_->ready.miss();
    unit_->completed.miss();
  }

  /// Tries until it is ready, or no further try is allowed.
  asio::awaitable<bool> start() {
    std::map<FailureClass, int> used;
    while (!unit_->stopping) {
      Try tried = co_await try_once();
      if (!tried.failure) co_return true;
      if (unit_->stopping) break;
      FailureClass failed = classify(*tried.failure);
      const bool retryable = failed == FailureClass::bind_conflict_retryable ||
                             failed == FailureClass::transient_probe_timeout_retryable;
      if (retryable && used[failed]++ < kBudget) {
        if (failed == FailureClass::bind_conflict_retryable && unit_->port) {
          auto next = next_port(unit_->spec.name, unit_->port->plan);
          if (next) unit_->port = std::move(*next);
        }
        around_.tell(
            "service.retry", *unit_,
            {{"failure_class", to_string(failed)}, {"reason", tried.failure->error.message}});
        continue;
      }
      Error why = tried.failure->error;
      if (failed == FailureClass::bind_conflict_retryable) {
        failed = FailureClass::bind_conflict_unresolved;
        why.message += "; the last port tried is " +
                       std::to_string(unit_->port ? unit_->port->plan.final_port : 0);
      }
      fail(why.code, why.message, why.hint, std::string(to_string(failed)));
      break;
    }
    co_return false;
  }

  asio::awaitable<Try> try_once() {
    Try tried;
    auto spec = launch_spec();
    if (!spec) {
      tried.failure = StartFailure{spec.error(), false, 0, ""};
      co_return tried;
    }
    const bool notify = std::any_of(
        unit_->spec.ready.begin(), unit_->spec.ready.end(),
        [](const services::ReadySpec& ready) { return ready.kind == services::ReadyKind::notify; });
    // a listening descriptor is handed on; a held port is let go just before it is taken
    if (unit_->port && unit_->spec.port_mode == services::PortMode::variable)
      unit_->port->socket.fd.reset();
    auto program = around_.group->spawn(std::move(*spec), notify);
    if (!program) {
      tried.failure = StartFailure{program.error(), false, 0, ""};
      co_return tried;
    }
    unit_->program = *program;
    started();
    if (unit_->spec.ready.empty()) {
      became_ready();
      co_return tried;
    }
    process::Ready ready = readiness();
    auto seen =
        co_await process::until_ready(*unit_->program, std::move(ready), unit_->spec.ready_within);
    if (seen) {
      became_ready();
      co_return tried;
    }
    StartFailure failure{seen.error(), taken_by_other(), 0, last_lines()};
    co_await unit_->program->stop(milliseconds(200));
    tried.failure = std::move(failure);
    co_return tried;
  }

  Result<process::LaunchSpec> launch_spec() {
    const services::ServiceSpec& service = unit_->spec;
    const std::optional<int> own =
        unit_->port ? std::optional(unit_->port->plan.final_port) : std::nullopt;
    std::map<std::string, int> ports;
    for (const auto& [name, other] : *around_.units)
      if (other->port) ports[name] = other->port->plan.final_port;
    process::LaunchSpec spec;
    spec.name = around_.project + "_" + service.name;
    spec.cwd = service.cwd;
    spec.user = service.user;
    for (std::size_t i = 0; i < service.command.size(); ++i) {
      auto word = expand_ports(service.command[i], own, ports);
      if (!word) return word.error();
      if (i == 0)
        spec.program = *word;
      else
        spec.args.push_back(*word);
    }
    spec.env = around_.base_environment;
    for (const auto& [name, port] : ports)
      spec.env.push_back(port_variable(name) + "=" + std::to_string(port));
    if (own) spec.env.push_back("PORT=" + std::to_string(*own));
    for (const auto& [name, value] : service.env) {
      auto text = expand_ports(value, own, ports);
      if (!text) return text.error();
      std::erase_if(spec.env,
                    [&](const std::string& entry) { return entry.starts_with(name + "="); });
      spec.env.push_back(name + "=" + *text);
    }
    limit(service.limits.open_files, RLIMIT_NOFILE, spec);
    limit(service.limits.address_space, RLIMIT_AS, spec);
    limit(service.limits.processes, RLIMIT_NPROC, spec);
    limit(service.limits.cpu_seconds, RLIMIT_CPU, spec);
    limit(service.limits.file_size, RLIMIT_FSIZE, spec);
    if (service.port_mode == services::PortMode::passed && unit_->port) {
      if (auto listening = listen(); !listening) return listening.error();
      process::pass_listener(spec, unit_->port->socket);
    }
    return spec;
  }

  /// The held socket becomes one that listens, once.
  Result<void> listen() {
    unit_->port->socket.fd.reset();
    auto listening =
        process::listen_loopback(static_cast<std::uint16_t>(unit_->port->plan.final_port));
    if (!listening) return listening.error();
    unit_->port->socket = std::move(*listening);
    return {};
  }

  static void limit(const std::optional<std::int64_t>& value, int resource,
                    process::LaunchSpec& spec) {
    if (value) spec.limits.push_back({resource, static_cast<std::uint64_t>(*value)});
  }

  static std::string port_variable(const std::string& service) {
    std::string name;
    for (const char c : service)
      name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name + "_PORT";
  }

  process::Ready readiness() const {
    process::Ready ready;
    const auto port = static_cast<std::uint16_t>(unit_->port ? unit_->port->plan.final_port : 0);
    for (const services::ReadySpec& wanted : unit_->spec.ready) {
      switch (wanted.kind) {
        case services::ReadyKind::notify:
          ready.any.push_back(process::ReadyNotify{});
          break;
        case services::ReadyKind::listener:
          ready.any.push_back(process::ReadyListener{});
          break;
        case services::ReadyKind::tcp:
          ready.any.push_back(process::ReadyTcp{port});
          break;
        case services::ReadyKind::http:
          ready.any.push_back(
              process::ReadyHttp{net::Address::tcp("127.0.0.1", port),
                                 wanted.argument.empty() ? std::string("/") : wanted.argument});
          break;
        case services::ReadyKind::log:
          ready.any.push_back(process::ReadyLogLine{wanted.argument});
          break;
        case services::ReadyKind::unix_socket:
          ready.any.push_back(process::ReadyUnixSocket{absolute(wanted.argument)});
          break;
        case services::ReadyKind::exec:
          break;
      }
    }
    return ready;
  }

  std::string absolute(const std::string& path) const {
    return path.starts_with('/') ? path : unit_->spec.cwd + "/" + path;
  }

  bool taken_by_other() const {
    if (!unit_->port || unit_->spec.port_mode == services::PortMode::passed) return false;
    const auto snapshot = truth::Snapshot::take();
    if (!snapshot) return false;
    const auto tree = truth::tree_of(unit_->program->pid());
    for (const pid_t holder : snapshot->listeners_on(unit_->port->plan.final_port)) {
      if (std::find(tree.begin(), tree.end(), holder) == tree.end()) return true;
    }
    return false;
  }

  std::string last_lines() const {
    std::string lines;
    for (const std::string& line : unit_->program->log().tail(kLastLines)) lines += line + "\n";
    return lines;
  }

  void started() {
    artifacts::Service& record = unit_->record;
    record.pid = unit_->program->pid();
    record.pid_start = unit_->program->start_time();
    const WallTime now = system_clock().wall();
    record.started_at = static_cast<double>(now.seconds) + now.nanos / 1e9;
    record.status = Status::starting;
    record.log_path = unit_->program->log().file();
    record.failure_detail.reset();
    if (unit_->port) {
      record.requested_port = unit_->port->plan.requested;
      record.actual_port = unit_->port->plan.final_port;
    }
    started_at_ = std::chrono::steady_clock::now();
    unit_->failure.reset();
    unit_->started.reach();
    around_.tell("service.started", *unit_, {{"pid", *record.pid}});
  }

  void became_ready() {
    unit_->record.status = Status::running;
    if (unit_->port) unit_->record.listener_pids = {*unit_->record.pid};
    unit_->ready.reach();
    around_.tell("service.ready", *unit_, Json::object());
  }

  /// Whether it is to be started again.
  asio::awaitable<bool> ended(const process::ExitStatus& exit) {
    const bool good = exit.success();
    const std::string words = process::to_string(exit);
    unit_->record.listener_pids.clear();
    if (unit_->stopping) co_return false;
    around_.tell("service.ended", *unit_, {{"exit", process::to_json(exit)}});
    const bool wanted = unit_->spec.restart == services::Restart::always ||
                        (unit_->spec.restart == services::Restart::on_failure && !good);
    if (std::chrono::steady_clock::now() - started_at_ >= kSteady) unit_->restarts = 0;
    if (wanted && unit_->restarts < unit_->spec.restart_limit) {
      unit_->record.status = Status::starting;
      const milliseconds delay =
          std::min(kLongestDelay, unit_->spec.restart_delay * (1 << std::min(unit_->restarts, 10)));
      ++unit_->restarts;
      around_.tell("service.restart", *unit_,
                   {{"restart", unit_->restarts}, {"delay_ms", delay.count()}, {"after", words}});
      asio::steady_timer pause(unit_->program->executor(), delay);
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
      co_return !unit_->stopping;
    }
    if (good && !wanted) {
      unit_->record.status = Status::stopped;
      unit_->record.failure_detail.reset();
      unit_->completed.reach();
      around_.tell("service.completed", *unit_, Json::object());
      co_return false;
    }
    fail("service_ended",
         "it " + words +
             (unit_->restarts > 0 ? ", restarted " + std::to_string(unit_->restarts) + " times"
                                  : ""),
         "", "");
    co_return false;
  }

  void fail(const std::string& code, const std::string& message, const std::string& hint,
            const std::string& failure_class) {
    unit_->record.status = unit_->record.pid ? Status::stale : Status::unknown;
    unit_->record.failure_detail = message;
    unit_->failure = artifacts::Failure{code, unit_->spec.name, message,
                                        hint, failure_class,    unit_->record.log_path};
    miss_the_rest();
    around_.tell("service.failed", *unit_, {{"code", code}, {"reason", message}});
  }

  std::shared_ptr<Unit> unit_;
  const Surroundings& around_;
  std::chrono::steady_clock::time_point started_at_;
};

}  // namespace

asio::awaitable<void> supervise(std::shared_ptr<Unit> unit, const Surroundings& around) {
  Supervision supervision(std::move(unit), around);
  co_await supervision.run();
}

asio::awaitable<void> stop(std::shared_ptr<Unit> unit, const Surroundings& around) {
  unit->stopping = true;
  if (unit->program && unit->program->state() == process::State::running) {
    around.tell("service.stopping", *unit, Json::object());
    if (unit->spec.stop_signal != 15) unit->program->signal(unit->spec.stop_signal);
    const process::StopReport report = co_await unit->program->stop(unit->spec.stop_grace);
    around.tell("service.stopped", *unit,
                {{"exit", process::to_json(report.exit)},
                 {"forced", report.forced},
                 {"leaked", report.leaked.size()}});
  }
  unit->record.status = Status::stopped;
  unit->record.listener_pids.clear();
}

}  // namespace muster::environment
