#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "environment/failure_class.hpp"
#include "environment/unit.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

using artifacts::Status;
using std::chrono::milliseconds;

constexpr int kBudget = 3;  ///< further tries of each failure class
constexpr milliseconds kLongestDelay{10'000};
constexpr std::chrono::seconds kSteady{60};  ///< after that long a restart counts as the first

class Supervision {
 public:
  Supervision(std::shared_ptr<Unit> unit, const Surroundings& around)
      : unit_(std::move(unit)), around_(around) {}

  asio::awaitable<void> run() {
    const bool free = co_await dependencies();
    while (free && !unit_->stopping) {
      const bool up = co_await start();
      if (!up) break;
      const Ending ending = co_await unit_->runner->until_ended();
      const bool again = co_await ended(ending);
      if (!again) break;
    }
    miss_the_rest();
    unit_->left.set();
  }

 private:
  /// False when something it needs will never be there.
  asio::awaitable<bool> dependencies() {
    const bool provided = co_await requirements();
    if (!provided) co_return false;
    for (const services::Dependency& needed : unit_->spec.depends_on) {
      const std::shared_ptr<Unit> other = around_.units->at(needed.name);
      Milestone& milestone = other->milestone(needed.condition);
      if (!milestone.known())
        around_.tell(
            "service.waiting", *unit_,
            {{"awaits", needed.name + "@" + std::string(services::to_string(needed.condition))}});
      co_await milestone.decided();
      if (milestone.reached()) continue;
      if (unit_->stopping) co_return false;
      fail("dependency_failed",
           "it needs " + needed.name + "@" + std::string(services::to_string(needed.condition)) +
               ", which did not come",
           "muster env logs " + needed.name, "");
      co_return false;
    }
    co_return !unit_->stopping;
  }

  /// A service starts once all requirements of its project are ready; those that are not critical
  /// may have failed.
  asio::awaitable<bool> requirements() {
    if (unit_->requirement || around_.requirements == nullptr) co_return true;
    for (const auto& [id, needed] : *around_.requirements) {
      const std::shared_ptr<Unit> other = needed;
      if (!other->ready.known())
        around_.tell("service.waiting", *unit_, {{"awaits", id + "@ready"}});
      co_await other->ready.decided();
      if (unit_->stopping) co_return false;
      if (other->ready.reached() || !other->spec.critical) continue;
      fail("dependency_failed", "it needs " + id + ", which did not come", "muster env errors", "");
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
    if (!unit_->runner) unit_->runner = make_runner(*unit_, around_);
    std::map<FailureClass, int> used;
    while (!unit_->stopping) {
      const auto failure = co_await unit_->runner->try_once([this] { started(); });
      if (!failure || failure->soft) {
        if (failure) note_soft(*failure);
        became_ready();
        co_return true;
      }
      if (unit_->stopping) break;
      const FailureClass failed = classify(*failure);
      const bool retryable = failed == FailureClass::bind_conflict_retryable ||
                             failed == FailureClass::transient_probe_timeout_retryable;
      if (retryable && used[failed]++ < kBudget) {
        if (failed == FailureClass::bind_conflict_retryable) move_on(*failure);
        around_.tell("service.retry", *unit_,
                     {{"failure_class", to_string(failed)},
                      {"reason", failure->error.message},
                      {"port", unit_->port ? Json(unit_->port->plan.final_port) : Json()}});
        continue;
      }
      give_up(*failure, failed);
      break;
    }
    co_return false;
  }

  /// Another port, unless nobody has this one but we, who hold it: then the program does not share
  /// it, and gets it let go.
  void move_on(const StartFailure& failure) {
    if (!unit_->port) return;
    if (!failure.port_taken_by_other && failure.error.code == "died_before_ready" &&
        unit_->port->socket.fd) {
      unit_->port->socket.fd.reset();
      return;
    }
    if (auto next = next_port(unit_->spec.name, unit_->port->plan)) unit_->port = std::move(*next);
  }

  void give_up(const StartFailure& failure, FailureClass failed) {
    Error why = failure.error;
    if (failed == FailureClass::bind_conflict_retryable) {
      failed = FailureClass::bind_conflict_unresolved;
      why.code = "bind_conflict_unresolved";
      why.message += "; the last port tried is " +
                     std::to_string(unit_->port ? unit_->port->plan.final_port : 0);
    }
    fail(why.code, why.message, why.hint, std::string(to_string(failed)));
  }

  /// It serves, but not all that was to be done with it has been.
  void note_soft(const StartFailure& failure) {
    if (!unit_->requirement) return;
    unit_->requirement->soft =
        artifacts::Failure{failure.error.code,
                           unit_->spec.name,
                           failure.error.message,
                           failure.error.hint,
                           std::string(to_string(FailureClass::bootstrap_soft_failure)),
                           unit_->record.log_path};
    around_.tell("service.degraded", *unit_,
                 {{"failure_class", to_string(FailureClass::bootstrap_soft_failure)},
                  {"reason", failure.error.message}});
  }

  void started() {
    artifacts::Service& record = unit_->record;
    const WallTime now = system_clock().wall();
    record.started_at = static_cast<double>(now.seconds) + now.nanos / 1e9;
    record.status = Status::starting;
    record.failure_detail.reset();
    if (unit_->port) {
      record.requested_port = unit_->port->plan.requested;
      record.actual_port = unit_->port->plan.final_port;
    }
    started_at_ = std::chrono::steady_clock::now();
    unit_->failure.reset();
    if (unit_->requirement) unit_->requirement->soft.reset();
    unit_->started.reach();
    around_.tell("service.started", *unit_,
                 {{"pid", record.pid ? Json(*record.pid) : Json()}, {"awaits", awaits()}});
  }

  /// What is waited for, for people.
  std::string awaits() const {
    std::string words;
    for (const services::ReadySpec& wanted : unit_->spec.ready)
      words += (words.empty() ? "" : " or ") + services::to_string(wanted);
    if (!words.empty() && unit_->port)
      words += " (port " + std::to_string(unit_->port->plan.final_port) + ")";
    return words;
  }

  void became_ready() {
    unit_->record.status = Status::running;
    if (unit_->port && unit_->record.pid) unit_->record.listener_pids = {*unit_->record.pid};
    unit_->ready.reach();
    around_.tell("service.ready", *unit_, Json::object());
  }

  /// Whether it is to be started again.
  asio::awaitable<bool> ended(const Ending& ending) {
    const bool good = ending.good;
    const std::string words = ending.words;
    unit_->record.listener_pids.clear();
    if (unit_->stopping) co_return false;
    around_.tell("service.ended", *unit_, {{"exit", ending.exit}});
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
      asio::steady_timer pause(around_.executor, delay);
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
    around_.tell("service.failed", *unit_,
                 {{"code", code}, {"reason", message}, {"failure_class", failure_class}});
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
  if (unit->runner) {
    if (unit->record.status == Status::running || unit->record.status == Status::starting)
      around.tell("service.stopping", *unit, Json::object());
    Json told = co_await unit->runner->stop();
    if (told.is_object()) around.tell("service.stopped", *unit, std::move(told));
  }
  // what has failed goes on saying so
  if (!unit->failure) unit->record.status = Status::stopped;
  unit->record.listener_pids.clear();
}

}  // namespace muster::environment
