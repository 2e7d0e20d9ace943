#include "runtimes/registration.hpp"

#include <algorithm>
#include <map>

namespace muster::runtimes {
namespace {

RuntimeCheck check_of(const Verdict& verdict, Source source) {
  RuntimeCheck check;
  check.available = verdict.available;
  check.source = to_string(source);
  check.reason = to_string(verdict.reason);
  check.binary_path = verdict.binary_path;
  check.version = verdict.version;
  check.exit_code = verdict.exit_code;
  check.term_signal = verdict.term_signal;
  check.duration_ms = static_cast<int>(verdict.duration.count());
  return check;
}

}  // namespace

Result<Detection> detect(Repository& repository, const DetectOptions& options) {
  const Result<std::vector<Runtime>> rows = repository.all();
  if (!rows) return rows.error();
  return detect(*rows, options);
}

Result<void> note_checks(Repository& repository, const Worker& worker, const Detection& detection) {
  const Result<std::vector<Runtime>> rows = repository.all();
  if (!rows) return rows.error();
  std::map<std::string, std::int64_t> ids;
  for (const Runtime& row : *rows) ids[row.ref] = row.id;
  std::vector<RuntimeCheck> checks;
  for (const Verdict& verdict : detection.verdicts) {
    // a row that went while it was being verified has nothing left to note
    const auto id = ids.find(verdict.ref);
    if (id == ids.end()) continue;
    RuntimeCheck check = check_of(verdict, detection.source);
    check.worker = worker.id;
    check.runtime = id->second;
    checks.push_back(std::move(check));
  }
  return repository.add_checks(checks);
}

Result<Worker> register_worker(Repository& repository, const std::string& name,
                               const std::string& host, const Detection& detection,
                               const Clock& clock) {
  Worker worker;
  worker.name = name;
  worker.role = to_string(detection.role);
  worker.host = host;
  worker.capabilities = capabilities_of(detection);
  worker.last_heartbeat = to_rfc3339(clock.wall());
  Result<Worker> entered = repository.put_worker(worker);
  if (!entered) return entered;
  if (Result<void> noted = note_checks(repository, *entered, detection); !noted)
    return noted.error();
  return entered;
}

Result<Worker> heartbeat(Repository& repository, const std::string& name, const Clock& clock) {
  WorkerChange change;
  change.last_heartbeat = to_rfc3339(clock.wall());
  return repository.change_worker(name, change);
}

Result<Worker> set_status(Repository& repository, const std::string& name,
                          const std::string& status) {
  WorkerChange change;
  change.status = status;
  return repository.change_worker(name, change);
}

Answer may_take(const Worker& worker, Role role, const std::vector<Requirement>& requirements) {
  if (worker.status != "active") return {false, worker.name + " is " + worker.status};
  if (worker.role != to_string(role))
    return {false, worker.name + " runs " + worker.role + "s, not " + to_string(role) + "s"};
  for (const Requirement& requirement : requirements) {
    Answer answer = meets(requirement, worker.capabilities);
    if (!answer.met) return {false, worker.name + ": " + answer.reason};
  }
  return {true, worker.name + " has all that is needed"};
}

}  // namespace muster::runtimes
