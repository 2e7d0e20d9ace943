#include "process/readiness.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <optional>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "process/latch.hpp"
#include "process/log_capture.hpp"
#include "process/probes.hpp"

namespace muster::process {
namespace asio = boost::asio;
namespace {

constexpr std::size_t shown_lines = 20;

/// One wait for readiness: several probes and the program's end race; the first one ends all.
struct Race {
  explicit Race(asio::any_io_executor executor) : over(std::move(executor)) {}

  Latch over;
  std::optional<Readiness> ready;
  std::optional<ExitStatus> died;
  std::optional<Error> bad;
  std::vector<std::pair<std::string, std::shared_ptr<ProbeHistory>>> histories;
  /// One for each coroutine; they have to outlive those, which hold the race.
  std::list<asio::cancellation_signal> cancels;
};

/// Runs a contestant; the exception by which cancellation ends it is no news.
void enter(const std::shared_ptr<Race>& race, const asio::any_io_executor& executor,
           asio::awaitable<void> contestant) {
  race->cancels.emplace_back();
  asio::co_spawn(
      executor, std::move(contestant),
      asio::bind_cancellation_slot(race->cancels.back().slot(), [race](std::exception_ptr) {}));
}

asio::awaitable<void> run_probe(std::shared_ptr<Race> race, std::shared_ptr<Process> process,
                                Probe probe, std::shared_ptr<ProbeHistory> history) {
  const std::string name = to_string(probe);
  const Result<void> ready = co_await await_probe(process, std::move(probe), std::move(history));
  if (race->over.is_set()) co_return;
  if (ready) {
    const std::int64_t now = mono_ns();
    race->ready = Readiness{name, now, std::chrono::nanoseconds(now - process->started_mono_ns())};
  } else {
    race->bad = ready.error();
  }
  race->over.set();
}

asio::awaitable<void> run_death(std::shared_ptr<Race> race, std::shared_ptr<Process> process) {
  const ExitStatus status = co_await process->wait();
  if (race->over.is_set()) co_return;
  race->died = status;
  race->over.set();
}

std::string last_output(Process& process) {
  const std::vector<std::string> lines = process.log().tail(shown_lines);
  if (lines.empty()) return "it printed nothing";
  return "its last lines:\n  " + join(lines, "\n  ");
}

std::string histories(const Race& race) {
  std::vector<std::string> lines;
  for (const auto& [name, history] : race.histories) {
    lines.push_back(name + ": " + history->last +
                    (history->tries > 0 ? " (" + std::to_string(history->tries) + " tries)" : ""));
  }
  return join(lines, "\n");
}

}  // namespace

std::string to_string(const Probe& probe) {
  struct Name {
    std::string operator()(const ReadyNotify&) { return "notify"; }
    std::string operator()(const ReadyUnixSocket& p) { return "unix socket " + p.path; }
    std::string operator()(const ReadyHttp& p) {
      return "GET " + net::to_string(p.address) + " " + p.target;
    }
    std::string operator()(const ReadyLogLine& p) { return "log line '" + p.text + "'"; }
    std::string operator()(const ReadyTcp& p) { return "tcp 127.0.0.1:" + std::to_string(p.port); }
    std::string operator()(const ReadyListener&) { return "listener"; }
    std::string operator()(const ReadyExec& p) { return "exec " + p.name; }
  };
  return std::visit(Name{}, probe);
}

asio::awaitable<Result<Readiness>> until_ready(Process& process, Ready ready,
                                               std::chrono::milliseconds within) {
  const auto self = process.shared_from_this();
  const asio::any_io_executor executor = self->executor();
  if (ready.any.empty()) {
    co_return error("bad_readiness", self->name() + " has no way to show that it is ready");
  }
  auto race = std::make_shared<Race>(executor);
  enter(race, executor, run_death(race, self));
  for (Probe& probe : ready.any) {
    auto history = std::make_shared<ProbeHistory>();
    race->histories.emplace_back(to_string(probe), history);
    enter(race, executor, run_probe(race, self, std::move(probe), std::move(history)));
  }
  co_await race->over.wait_until(std::chrono::steady_clock::now() + within);
  race->over.set();
  for (asio::cancellation_signal& cancel : race->cancels) {
    cancel.emit(asio::cancellation_type::terminal);
  }

  if (race->ready) {
    self->observe("ready",
                  {{"by", race->ready->by}, {"after_us", race->ready->after_start.count() / 1000}});
    co_return *race->ready;
  }
  if (race->bad) co_return *race->bad;
  if (race->died) {
    co_return error("died_before_ready",
                    self->name() + " died before it was ready: " + to_string(*race->died),
                    last_output(*self));
  }
  self->observe("not_ready", {{"within_ms", within.count()}}, histories(*race));
  co_return error("not_ready",
                  self->name() + " is not ready after " + std::to_string(within.count()) + " ms",
                  histories(*race) + "\n" + last_output(*self));
}

}  // namespace muster::process
