// `muster env stop`, `stop-all`, `blast-all`.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <iostream>

#include "app/env_choice.hpp"
#include "app/env_commands.hpp"
#include "app/env_interrupt.hpp"
#include "app/env_progress.hpp"
#include "app/env_session.hpp"
#include "app/env_state_file.hpp"
#include "artifacts/lock.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "environment/control.hpp"
#include "environment/lifecycle.hpp"
#include "process/proc_fs.hpp"
#include "process/sweep.hpp"
#include "requirements/data_directory.hpp"
#include "truth/reconcile.hpp"

namespace muster::app {
namespace {

using artifacts::Repository;
using artifacts::RunState;
using artifacts::Status;

constexpr std::chrono::minutes kStopWithin{5};
constexpr std::chrono::milliseconds kGoneWithin{3'000};

EnvEnd told(EnvSession& session, Json document, const std::string& words) {
  document["ok"] = true;
  document["command"] = session.route().command->name;
  if (session.route().json)
    session.print(document);
  else
    std::cerr << words << '\n';
  return env_done();
}

/// A state whose keeper has gone says so from now on.
void settle(Repository& repository, RunState state) {
  (void)truth::reconcile(state);
  for (auto& [name, service] : state.services)
    if (service.status == Status::stale) service.status = Status::stopped;
  (void)save_state(repository, std::move(state));
}

EnvEnd stop_everything(EnvSession& session, Repository& repository, const RunState& state) {
  const EnvInterrupt interrupt;
  const auto stopped = [&] {
    EnvProgress progress;
    return environment::stop_environment(repository, kStopWithin, progress.taker(), interrupt.fd());
  }();
  if (!stopped && stopped.error().code == "interrupted") return env_interrupted();
  if (!stopped && stopped.error().code != "no_keeper") return env_failed(stopped.error());
  if (!stopped || stopped->swept) settle(repository, state);
  const std::size_t leaked = stopped ? stopped->leaked : 0;
  const std::size_t services = stopped ? stopped->services : 0;
  std::string words = stopped ? fmt::format("run {} is stopped", state.run_id)
                              : fmt::format("nothing of run {} was running", state.run_id);
  if (leaked > 0) words += fmt::format("; {} left-over processes were killed", leaked);
  return told(session,
              {{"run_id", state.run_id},
               {"stopped", services},
               {"leaked", leaked},
               {"swept", stopped && stopped->swept}},
              words);
}

/// Services that could still be stopped.
std::vector<EnvTarget> running_targets(const RunState& state) {
  std::vector<EnvTarget> targets = targets_of(state);
  std::erase_if(targets, [&](const EnvTarget& target) {
    const auto& service = state.services.at(target.name);
    return service.status == Status::stopped || truth::completed(state, target.name);
  });
  return targets;
}

EnvEnd stop(EnvSession& session) {
  const auto repository = session.repository();
  if (!repository) return env_failed(repository.error());
  auto state = session.state();
  if (!state) return env_failed(state.error());
  const auto running = running_targets(*state);
  if (running.empty() || session.route().all) return stop_everything(session, **repository, *state);
  const auto chosen = choose(session, running);
  if (!chosen) {
    if (chosen.error().code == "interrupted") return env_interrupted();
    return env_failed(chosen.error());
  }
  if (chosen->size() == running.size()) return stop_everything(session, **repository, *state);
  Json names = Json::array();
  for (const EnvTarget& target : *chosen) names.push_back(target.name);
  const EnvInterrupt interrupt;
  const auto reply = [&] {
    EnvProgress progress;
    return environment::ask_keeper((*repository)->folder(), {{"do", "stop"}, {"services", names}},
                                   kStopWithin, progress.taker(), interrupt.fd());
  }();
  if (!reply && reply.error().code == "interrupted") return env_interrupted();
  if (!reply) return env_failed(reply.error());
  return told(session, {{"run_id", state->run_id}, {"stopped", names.size()}, {"services", names}},
              fmt::format("{} of {} services are stopped", names.size(), running.size()));
}

EnvEnd stop_all_in(EnvSession& session, Repository& repository) {
  const auto state = repository.latest();
  if (!state) return env_failed(state.error());
  if (!*state || (*state)->legacy)
    return told(session, {{"stopped", 0}}, "nothing was started here");
  return stop_everything(session, repository, **state);
}

EnvEnd stop_all(EnvSession& session) {
  const auto repository = session.repository();
  if (!repository) {
    if (repository.error().code != "no_environment") return env_failed(repository.error());
    return told(session, {{"stopped", 0}}, "nothing was started here");
  }
  EnvEnd end = stop_all_in(session, **repository);
  if (end.code != 0 || !session.route().flag("data")) return end;
  const auto removed = requirements::remove_data((*repository)->folder());
  if (!removed) return env_failed(removed.error());
  std::cerr << "the data of " << *removed << " requirements is removed\n";
  return end;
}

/// Kills a process and waits for its end.
bool kill_and_wait(pid_t pid) {
  const UniqueFd pidfd = process::open_pidfd(pid);
  return pidfd && process::signal_pidfd(pidfd.get(), SIGKILL) &&
         process::wait_pidfd(pidfd.get(), static_cast<int>(kGoneWithin.count()));
}

/// Whether a process carries the mark of a run of this scope.
bool is_ours(pid_t pid, const std::vector<process::Survivor>& ours) {
  return std::any_of(ours.begin(), ours.end(), [pid](const auto& each) { return each.pid == pid; });
}

/// Processes that were named, by pid or port (`:8000`), and that muster did not start.
Result<void> refuse_foreign(const std::vector<std::string>& words,
                            const std::vector<process::Survivor>& ours) {
  const auto snapshot = truth::Snapshot::take();
  if (!snapshot) return snapshot.error();
  for (const std::string& word : words) {
    const bool port = word.starts_with(':');
    int number = 0;
    const char* begin = word.data() + (port ? 1 : 0);
    const auto read = std::from_chars(begin, word.data() + word.size(), number);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || number < 1)
      return error("usage", word + " is no pid and no port", "a pid, or a port as :8000");
    const auto pids = port ? snapshot->listeners_on(number) : std::vector<pid_t>{number};
    for (const pid_t pid : pids) {
      if (is_ours(pid, ours)) continue;
      return error("not_ours",
                   fmt::format("muster did not start pid {} ({}){}", pid,
                               printable(process::command_of(pid)),
                               port ? fmt::format(", which has port {}", number) : ""),
                   "end it by the means of whoever did");
    }
  }
  return {};
}

EnvEnd blast_all(EnvSession& session) {
  const auto repository = session.repository();
  if (!repository && repository.error().code != "no_environment")
    return env_failed(repository.error());
  std::vector<std::string> runs;
  std::vector<process::Survivor> ours;
  if (repository) {
    auto known = (*repository)->runs();
    if (!known) return env_failed(known.error());
    runs = std::move(*known);
    for (const std::string& run : runs)
      for (auto& survivor : process::run_survivors(run)) ours.push_back(std::move(survivor));
  }
  if (const auto allowed = refuse_foreign(session.route().words, ours); !allowed)
    return env_failed(allowed.error());
  if (!repository) return told(session, {{"killed", 0}}, "nothing was started here");
  // the keeper is who holds its lock; its watchdog takes everything with it
  const auto holder = artifacts::Lock::holder((*repository)->locks(), "keeper");
  bool keeper = false;
  if (holder && *holder) keeper = kill_and_wait(static_cast<pid_t>((*holder)->pid));
  std::size_t killed = ours.size();
  for (const std::string& run : runs) {
    const auto swept = process::sweep_run(run, kGoneWithin);
    if (!swept.clean)
      return env_failed(error("survivors", "processes of run " + run + " do not end",
                              "they may hang in the kernel; see ps"));
  }
  if (const auto retired = (*repository)->retire(); !retired) return env_failed(retired.error());
  return told(
      session, {{"killed", killed}, {"keeper", keeper}, {"runs", runs.size()}},
      fmt::format("{} processes of {} runs are gone; the history is kept", killed, runs.size()));
}

}  // namespace

const EnvCommand kEnvStop{
    .name = "stop",
    .aliases = "s,kill",
    .family = EnvFamily::cleanup,
    .about = "Stops services, and the environment with the last of them",
    .example = "muster env stop --all",
    .more = "TERM, the grace of the service, then KILL to all that descends from it.",
    .words = EnvWords::names,
    .run = stop,
};

constexpr EnvOption kStopAllOptions[] = {
    {"--data", EnvKind::flag, "Also removes the data directories of requirements"},
};

const EnvCommand kEnvStopAll{
    .name = "stop-all",
    .aliases = "kill-all",
    .family = EnvFamily::cleanup,
    .about = "Stops everything of this repository, in whatever mode",
    .example = "muster env stop-all",
    .options = kStopAllOptions,
    .run = stop_all,
};

const EnvCommand kEnvBlastAll{
    .name = "blast-all",
    .family = EnvFamily::cleanup,
    .about = "Kills everything that muster started for this repository and forgets the state",
    .example = "muster env blast-all",
    .more =
        "Goes by the marks that its processes carry, so that it needs no state. A pid or :PORT "
        "of\nsomething that muster did not start is refused.",
    .words = EnvWords::arguments,
    .run = blast_all,
};

}  // namespace muster::app
