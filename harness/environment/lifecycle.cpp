#include "environment/lifecycle.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/json_members.hpp"
#include "base/unique_fd.hpp"
#include "environment/control.hpp"
#include "process/sweep.hpp"

namespace muster::environment {
namespace {

/// The keeper outlives its starter: a session of its own, no terminal, no descriptor of ours.
[[noreturn]] void become_keeper(const Blueprint& blueprint, int report) {
  ::setsid();
  ::prctl(PR_SET_NAME, "muster-keeper");
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
  if (report != 3) ::dup3(report, 3, O_CLOEXEC);
  ::close_range(4, ~0U, 0);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int code = keep(
      blueprint,
      [](const Json& step) {
        const std::string line = dump_json(step) + "\n";
        (void)!::write(3, line.data(), line.size());
        const std::string event = string_at(step, "event");
        if (event == "up" || event == "failed") ::close(3);
      },
      3);
  ::_exit(code);
}

artifacts::Failure failure_of(const Json& json) {
  artifacts::Failure failure;
  failure.code = string_at(json, "code");
  failure.subject = string_at(json, "subject");
  failure.message = string_at(json, "message");
  failure.hint = string_at(json, "hint");
  failure.failure_class = string_at(json, "failure_class");
  failure.log_path = string_at(json, "log_path");
  return failure;
}

/// Its lock is free once it has ended: a start right behind must not find it.
void wait_for_end(pid_t keeper, std::chrono::milliseconds within) {
  const UniqueFd pidfd(keeper > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, keeper, 0)) : -1);
  if (!pidfd) return;
  pollfd ended{pidfd.get(), POLLIN, 0};
  while (::poll(&ended, 1, static_cast<int>(within.count())) < 0 && errno == EINTR) {
  }
}

/// Reads what a keeper says until its last step or its end.
class Following {
 public:
  Following(int pipe, const Blueprint& blueprint, const std::function<void(const Json&)>& progress,
            int interrupt)
      : pipe_(pipe), blueprint_(blueprint), progress_(progress), interrupt_(interrupt) {}

  Result<StartOutcome> run() {
    std::string waiting;
    for (;;) {
      std::array<char, 4096> piece;
      if (!wait()) continue;
      const ssize_t got = ::read(pipe_, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return lost();
      waiting.append(piece.data(), static_cast<std::size_t>(got));
      std::size_t end = 0;
      while ((end = waiting.find('\n')) != std::string::npos) {
        const auto step = parse_json(std::string_view(waiting).substr(0, end));
        waiting.erase(0, end + 1);
        if (!step) continue;
        const std::string event = string_at(*step, "event");
        if (event == "up" || event == "failed") return outcome(*step, event == "up");
        if (event == "keeper.started") keeper_ = step->value("pid", 0);
        // services come after their ports: the keeper has holds of its own
        if (blueprint_.between && event.starts_with("service.")) blueprint_.between->clear();
        progress_(*step);
      }
    }
  }

 private:
  /// False when there is nothing to read yet.
  bool wait() {
    pollfd waiting[2] = {{pipe_, POLLIN, 0}, {interrupted_ ? -1 : interrupt_, POLLIN, 0}};
    const int ready = ::poll(waiting, 2, kTick);
    if (ready == 0) progress_({{"event", "tick"}, {"mono_ns", mono_ns()}});
    if (ready > 0 && waiting[1].revents != 0) interrupted_ = true;
    // its pid is known to be its own as long as the pipe is open
    if (interrupted_ && !told_ && keeper_ > 0) {
      ::kill(keeper_, SIGTERM);
      told_ = true;
    }
    return ready > 0 && waiting[0].revents != 0;
  }

  Result<StartOutcome> lost() const {
    if (interrupted_) return interrupted();
    return error("keeper_lost", "the environment's keeper ended while it was starting",
                 "look at the newest run below the runtime directory");
  }
  static Error interrupted() {
    return error("interrupted", "interrupted; what was started has been stopped");
  }

  Result<StartOutcome> outcome(const Json& step, bool up) const {
    if (interrupted_ && !up) return interrupted();
    StartOutcome outcome;
    outcome.up = up;
    outcome.run_id = blueprint_.run_id;
    if (const auto failure = step.find("failure"); failure != step.end())
      outcome.failure = failure_of(*failure);
    return outcome;
  }

  static constexpr int kTick = 100;

  int pipe_;
  const Blueprint& blueprint_;
  const std::function<void(const Json&)>& progress_;
  int interrupt_;
  pid_t keeper_ = 0;
  bool interrupted_ = false;
  bool told_ = false;
};

}  // namespace

Result<StartOutcome> start_environment(const Blueprint& blueprint,
                                       const std::function<void(const Json&)>& progress,
                                       int interrupt) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return error("keeper_lost", std::string("can not make a pipe: ") + std::strerror(errno));
  UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const pid_t between = ::fork();
  if (between < 0)
    return error("keeper_lost", std::string("can not fork: ") + std::strerror(errno));
  if (between == 0) {
    // twice, so that the keeper is nobody's child
    if (::fork() != 0) ::_exit(0);
    become_keeper(blueprint, write_end.get());
  }
  ::waitpid(between, nullptr, 0);
  write_end.reset();
  return Following(read_end.get(), blueprint, progress, interrupt).run();
}

namespace {

/// Its services have ended, and its keeper still holds their ports: holds share.
Between hold_ports_of(const artifacts::Repository& repository, const std::string& run_id) {
  Between held;
  const auto manifest = repository.ports_of(run_id);
  if (!manifest) return held;
  for (const artifacts::ProjectPorts& project : manifest->projects) {
    for (const auto& [name, plan] : project.ports) {
      auto port = process::hold_port(static_cast<std::uint16_t>(plan.final_port));
      if (port) held.push_back(std::move(*port));
    }
  }
  return held;
}

}  // namespace

Result<StopOutcome> stop_environment(artifacts::Repository& repository,
                                     std::chrono::milliseconds within,
                                     const std::function<void(const Json&)>& progress,
                                     int interrupt, Between* between) {
  const Json request{{"do", "shutdown"}, {"linger", between != nullptr}};
  const auto asked = ask_keeper(repository.folder(), request, within, progress, interrupt);
  const auto state = repository.latest();
  StopOutcome outcome;
  if (asked) {
    if (between != nullptr) {
      if (state && *state) *between = hold_ports_of(repository, (*state)->run_id);
      (void)ask_keeper(repository.folder(), {{"do", "leave"}}, within);
    }
    wait_for_end(asked->value("pid", 0), within);
    if (state && *state) outcome.services = (*state)->services.size();
    outcome.leaked = asked->value("leaked", std::size_t{0});
    return outcome;
  }
  if (asked.error().code == "interrupted" || !state || !*state || (*state)->legacy)
    return asked.error();
  // the keeper is gone or does not answer: what carries the run's mark goes
  const auto swept = process::sweep_run((*state)->run_id);
  if (swept.killed.empty() && asked.error().code == "no_keeper") return asked.error();
  outcome.services = (*state)->services.size();
  outcome.leaked = swept.killed.size();
  outcome.swept = true;
  return outcome;
}

}  // namespace muster::environment
