#include "runtimes/reverification.hpp"

#include <condition_variable>
#include <mutex>
#include <set>

namespace muster::runtimes {
namespace {

const std::string& key_of(const Verdict& verdict) {
  return verdict.ref.empty() ? verdict.name : verdict.ref;
}

Verdict gone(const Verdict& before) {
  Verdict verdict;
  verdict.name = before.name;
  verdict.ref = before.ref;
  verdict.detail = "its row is gone";
  return verdict;
}

void run(std::stop_token stop, const PeriodicReverification::Open& open, Detection known,
         ReverificationOptions options, std::chrono::milliseconds interval) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_ptr<Repository> repository;
  std::unique_ptr<Reverification> rounds;
  options.detect.verify.stop = stop;
  const auto failed = [&](const Error& why) {
    if (options.observer == nullptr) return;
    options.observer->observe(observation("runtime", "reverification_failed", options.worker,
                                          {{"code", why.code}, {"message", why.message}}));
  };
  for (;;) {
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, interval, [] { return false; });
    if (stop.stop_requested()) return;
    if (!repository) {
      Result<std::unique_ptr<Repository>> opened = open();
      if (!opened) {
        failed(opened.error());
        continue;
      }
      repository = std::move(*opened);
      rounds = std::make_unique<Reverification>(*repository, known, options);
    }
    const Result<std::vector<RuntimeChange>> changes = rounds->round();
    known = rounds->believed();
    if (changes.ok() || stop.stop_requested()) continue;
    failed(changes.error());
    rounds.reset();
    repository.reset();
  }
}

}  // namespace

Reverification::Reverification(Repository& repository, Detection known,
                               ReverificationOptions options)
    : repository_(repository), options_(std::move(options)), believed_(std::move(known)) {
  for (const Verdict& verdict : believed_.verdicts) states_[key_of(verdict)] = {verdict, 0};
}

Result<std::vector<RuntimeChange>> Reverification::round() {
  DetectOptions options = options_.detect;
  options.verify.fresh = true;
  Result<Detection> seen = detect(repository_, options);
  if (!seen) return seen.error();
  const Detection noted = *seen;
  std::vector<RuntimeChange> changes = believe(std::move(*seen));
  for (const RuntimeChange& change : changes) tell(change);
  if (Result<void> stored = store(noted); !stored) return stored.error();
  return changes;
}

std::vector<RuntimeChange> Reverification::believe(Detection seen) {
  std::vector<RuntimeChange> changes;
  std::set<std::string> present;
  for (Verdict& verdict : seen.verdicts) {
    present.insert(key_of(verdict));
    State& state = states_[key_of(verdict)];
    const bool had = state.verdict.available;
    state.failures = verdict.available ? 0 : state.failures + 1;
    // the list of the environment or configuration is no measurement that could be wrong once
    const bool believed = verdict.available || state.failures >= options_.failures_to_drop ||
                          verdict.reason == Reason::overridden;
    if (had && !believed) {
      verdict = state.verdict;
      continue;
    }
    if (had != verdict.available)
      changes.push_back({verdict.name, verdict.available, verdict, state.failures});
    state.verdict = verdict;
  }
  for (auto state = states_.begin(); state != states_.end();) {
    if (present.contains(state->first)) {
      ++state;
      continue;
    }
    const Verdict verdict = gone(state->second.verdict);
    if (state->second.verdict.available) changes.push_back({verdict.name, false, verdict, 1});
    state = states_.erase(state);
  }
  std::set<std::string> available;
  for (const Verdict& verdict : seen.verdicts) {
    if (verdict.available) available.insert(verdict.name);
  }
  seen.runtimes.assign(available.begin(), available.end());
  believed_ = std::move(seen);
  return changes;
}

void Reverification::tell(const RuntimeChange& change) {
  if (options_.on_change) options_.on_change(change);
  if (options_.observer == nullptr) return;
  Json data = to_json(change.verdict);
  data["worker"] = options_.worker;
  if (!change.available) data["failures"] = change.failures;
  std::string cause = to_string(change.verdict.reason);
  if (!change.verdict.detail.empty()) cause += ": " + change.verdict.detail;
  options_.observer->observe(observation("runtime", change.available ? "restored" : "dropped",
                                         change.name, std::move(data), std::move(cause)));
}

Result<void> Reverification::store(const Detection& seen) {
  WorkerChange change;
  change.capabilities = capabilities_of(believed_);
  change.last_heartbeat = to_rfc3339(system_clock().wall());
  const Result<Worker> stored = repository_.change_worker(options_.worker, change);
  if (!stored) return stored.error();
  return note_checks(repository_, *stored, seen);
}

PeriodicReverification::PeriodicReverification(Open open, Detection known,
                                               ReverificationOptions options,
                                               std::chrono::milliseconds interval)
    : thread_([open = std::move(open), known = std::move(known), options = std::move(options),
               interval](std::stop_token stop) mutable {
        run(std::move(stop), open, std::move(known), std::move(options), interval);
      }) {}

}  // namespace muster::runtimes
