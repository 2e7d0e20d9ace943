#include "doctor/doctor.hpp"

#include <algorithm>

#include "artifacts/lock.hpp"
#include "base/text.hpp"
#include "debug/bundle.hpp"
#include "doctor/gates.hpp"
#include "doctor/in_force.hpp"

namespace muster::doctor {
namespace {

constexpr std::size_t kRecent = 5;

std::vector<LockHealth> locks_of(const artifacts::Repository& repository) {
  std::vector<LockHealth> locks;
  const auto names = repository.locks().names();
  if (!names) return locks;
  for (const std::string& name : *names) {
    LockHealth lock{name, ""};
    const auto holder = artifacts::Lock::holder(repository.locks(), name);
    if (holder && *holder)
      lock.holder = "muster " + (*holder)->command + " (pid " + std::to_string((*holder)->pid) +
                    ") since " + (*holder)->since;
    locks.push_back(std::move(lock));
  }
  return locks;
}

/// The last commands that failed, and the errors of the latest run.
std::vector<std::string> failures_of(const artifacts::Repository& repository,
                                     const LatestState& latest) {
  std::vector<std::string> failures;
  if (const auto text = repository.folder().read("commands.jsonl")) {
    for (const std::string& line : last_lines(*text, 200)) {
      const auto json = parse_json(line);
      if (!json || !json->is_object() || json->value("exit_code", Json(0)) == 0) continue;
      const std::string message = string_at(*json, "message");
      failures.push_back(string_at(*json, "timestamp") + " " + string_at(*json, "command") + ": " +
                         string_at(*json, "failure_class") +
                         (message.empty() ? "" : ": " + message));
    }
  }
  if (failures.size() > kRecent)
    failures.erase(failures.begin(), failures.end() - static_cast<std::ptrdiff_t>(kRecent));
  if (!latest.state) return failures;
  if (const auto errors = repository.errors_of(latest.state->run_id))
    for (const auto& failure : errors->errors)
      failures.push_back(failure.subject + ": " + failure.message);
  return failures;
}

bool has_synthetic(const artifacts::RunState& state) {
  return std::any_of(state.services.begin(), state.services.end(),
                     [](const auto& it) { return it.second.synthetic; });
}

}  // namespace

bool Report::ok() const {
  return std::all_of(gates.begin(), gates.end(), [](const Gate& gate) { return gate.passed(); });
}

Report examine(const Examination& examination) {
  Report report;
  const artifacts::Repository* repository = examination.repository;
  const LatestState latest = latest_state(repository);
  const artifacts::Contracts contracts = artifacts::read_contracts(examination.contracts);
  report.versions = examination.versions;
  report.reaping = reaping_backends();
  report.isolation = isolation_backends();
  if (repository != nullptr) {
    report.runtime_root = repository->folder().path();
    report.locks = locks_of(*repository);
    if (auto pointers = repository->pointers()) report.pointers = std::move(*pointers);
    report.recent_failures = failures_of(*repository, latest);
    report.latest_bundle = debug::last_bundle(*repository).value_or("");
  }
  if (latest.state) {
    report.run_id = latest.state->run_id;
    report.synthetic_state = has_synthetic(*latest.state);
  }
  report.gates = {command_parity(examination, contracts), runtime_truth(latest),
                  lifecycle(report, repository, latest),
                  shipability(examination, contracts, report, latest)};
  std::vector<std::string> errors;
  for (const Gate& gate : report.gates)
    for (const Finding& finding : gate.failures)
      errors.push_back(gate.name + ": " + finding.code + ": " + finding.reason);
  report.readiness =
      artifacts::readiness_of(contracts, examination.contracts_required, std::move(errors), {});
  // problems of contracts stand there as what the gates found already
  auto& all = report.readiness.errors;
  for (const auto& problem : contracts.problems)
    all.erase(std::remove(all.begin(), all.end(), problem.reason), all.end());
  return report;
}

}  // namespace muster::doctor
