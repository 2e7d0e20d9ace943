#include "environment/lifecycle.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

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
  const int code = keep(blueprint, [](const Json& step) {
    const std::string line = dump_json(step) + "\n";
    (void)!::write(3, line.data(), line.size());
    const std::string event = string_at(step, "event");
    if (event == "up" || event == "failed") ::close(3);
  });
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

/// Reads lines until the last step or the end of the keeper.
Result<StartOutcome> follow(int pipe, const std::string& run_id,
                            const std::function<void(const Json&)>& progress) {
  std::string waiting;
  for (;;) {
    std::array<char, 4096> piece;
    const ssize_t got = ::read(pipe, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return error("keeper_lost", "the environment's keeper ended while it was starting",
                   "look at the newest run below the runtime directory");
    waiting.append(piece.data(), static_cast<std::size_t>(got));
    std::size_t end = 0;
    while ((end = waiting.find('\n')) != std::string::npos) {
      const auto step = parse_json(std::string_view(waiting).substr(0, end));
      waiting.erase(0, end + 1);
      if (!step) continue;
      const std::string event = string_at(*step, "event");
      if (event != "up" && event != "failed") {
        progress(*step);
        continue;
      }
      StartOutcome outcome;
      outcome.up = event == "up";
      outcome.run_id = run_id;
      if (const auto failure = step->find("failure"); failure != step->end())
        outcome.failure = failure_of(*failure);
      return outcome;
    }
  }
}

}  // namespace

Result<StartOutcome> start_environment(const Blueprint& blueprint,
                                       const std::function<void(const Json&)>& progress) {
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
  return follow(read_end.get(), blueprint.run_id, progress);
}

Result<std::size_t> stop_environment(artifacts::Repository& repository,
                                     std::chrono::milliseconds within) {
  auto asked = ask_keeper(repository.folder(), {{"do", "shutdown"}}, within);
  const auto state = repository.latest();
  if (asked) {
    std::size_t services = 0;
    if (state && *state) services = (*state)->services.size();
    return services;
  }
  if (!state || !*state || (*state)->legacy) return asked.error();
  // the keeper is gone or does not answer: what carries the run's mark goes
  const auto swept = process::sweep_run((*state)->run_id);
  if (swept.killed.empty() && asked.error().code == "no_keeper") return asked.error();
  return swept.killed.size();
}

}  // namespace muster::environment
