#include "doctor/gates.hpp"

#include <algorithm>
#include <utility>

#include "debug/session.hpp"
#include "process/sweep.hpp"

namespace muster::doctor {
namespace {

using artifacts::Status;

/// How long a service may be starting before its silence counts; what state says of readiness is
/// its keeper's business.
constexpr std::chrono::milliseconds kGrace{30'000};

bool said_to_run(const artifacts::Service& service) {
  return service.status == Status::running || service.status == Status::starting;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Problems of a contract file in the gate that rests on it.
void take_problems(const artifacts::Contracts& contracts, bool required, Gate& gate,
                   bool (*mine)(const std::string& code)) {
  for (const auto& problem : contracts.problems) {
    if (!mine(problem.code)) continue;
    const bool tolerated = problem.missing && !required;
    (tolerated ? gate.warnings : gate.failures)
        .push_back({problem.code, problem.reason, problem.hint});
  }
}

/// The latest artifacts beside the state: each has to be readable by whoever finds it.
void judge_artifacts(const artifacts::Repository& repository, Gate& gate) {
  const auto unreadable = [&](const char* name, const std::string& why) {
    gate.failures.push_back({"artifact_unreadable",
                             repository.folder().path() + "/" + name + ": " + why,
                             "muster env stop, then start"});
  };
  const auto read = [&](const char* name, auto&& from_json) {
    const auto text = repository.folder().read(name);
    if (!text) {
      if (text.error().code != "path_missing") unreadable(name, text.error().message);
      return;
    }
    const auto json = parse_json(*text);
    if (!json) return unreadable(name, json.error().message);
    if (const auto parsed = from_json(*json); !parsed) unreadable(name, parsed.error().message);
  };
  const auto is_object = [](const Json& json) -> Result<void> {
    if (json.is_object()) return {};
    return error("artifact_shape", "no object");
  };
  read(artifacts::kPortsFile, artifacts::ports_manifest_from_json);
  read(artifacts::kErrorsFile, artifacts::error_report_from_json);
  read(artifacts::kReadinessFile, artifacts::readiness_report_from_json);
  read(artifacts::kRuntimeMapFile, is_object);
  read(artifacts::kPointersFile, is_object);
  const auto events = repository.folder().read(artifacts::kEventsFile);
  if (!events) return;
  std::size_t from = 0;
  // a last line without its end is still being written
  for (std::size_t end = 0; (end = events->find('\n', from)) != std::string::npos; from = end + 1) {
    const auto line = parse_json(std::string_view(*events).substr(from, end - from));
    if (!line || !line->is_object())
      return unreadable(artifacts::kEventsFile, "a line of it is no event");
  }
}

}  // namespace

LatestState latest_state(const artifacts::Repository* repository) {
  LatestState found;
  if (repository == nullptr) return found;
  auto latest = repository->latest();
  if (!latest)
    found.unreadable = Finding{latest.error().code, latest.error().message, latest.error().hint};
  else
    found.state = std::move(*latest);
  return found;
}

Gate command_parity(const Examination& examination, const artifacts::Contracts& contracts) {
  Gate gate{"command_parity", {}, {}};
  for (const Command& wanted : required_commands()) {
    const auto found = std::find_if(examination.commands.begin(), examination.commands.end(),
                                    [&](const Command& it) { return it.name == wanted.name; });
    if (found == examination.commands.end()) {
      gate.failures.push_back(
          {"command_missing", "muster env " + wanted.name + " is not dispatched", ""});
      continue;
    }
    for (const std::string& alias : wanted.aliases)
      if (!has(found->aliases, alias))
        gate.failures.push_back(
            {"alias_missing", "muster env " + wanted.name + " has no alias " + alias, ""});
  }
  take_problems(contracts, examination.contracts_required, gate,
                [](const std::string& code) { return code.starts_with("parity_"); });
  if (contracts.commands.empty()) return gate;
  for (const Command& command : examination.commands)
    if (!contracts.commands.contains(command.name))
      gate.failures.push_back({"parity_manifest_stale",
                               "the parity manifest does not know " + command.name,
                               "build it anew with ci/contracts"});
  return gate;
}

Gate runtime_truth(const LatestState& latest) {
  Gate gate{"runtime_truth", {}, {}};
  if (latest.unreadable) gate.failures.push_back(*latest.unreadable);
  if (!latest.state) return gate;
  if (latest.state->legacy) {
    gate.warnings.push_back(
        {"state_legacy", "the state was written by another tool: its services are not judged", ""});
    return gate;
  }
  const auto snapshot = truth::Snapshot::take();
  if (!snapshot) {
    gate.failures.push_back({snapshot.error().code, snapshot.error().message, ""});
    return gate;
  }
  for (const auto& [name, service] : latest.state->services) {
    if (service.synthetic || !said_to_run(service)) continue;
    const auto truth = snapshot->judge(service, kGrace, system_clock().wall());
    if (truth.status == Status::stale || truth.status == Status::unreachable ||
        truth.status == Status::unknown)
      gate.failures.push_back({"service_" + std::string(artifacts::to_string(truth.status)),
                               name + " is said to be " +
                                   std::string(artifacts::to_string(service.status)) +
                                   " and is not: " + truth.detail,
                               "muster env resume"});
    else if (truth.port && service.actual_port && *truth.port != *service.actual_port)
      gate.failures.push_back({"port_moved",
                               name + " listens on " + std::to_string(*truth.port) + ", saved is " +
                                   std::to_string(*service.actual_port),
                               "muster env health brings the state up to date"});
  }
  return gate;
}

Gate lifecycle(const Report& report, const artifacts::Repository* repository,
               const LatestState& latest) {
  Gate gate{"lifecycle", {}, {}};
  for (const auto& pointer : report.pointers)
    if (!pointer.valid)
      gate.failures.push_back({"pointer_broken",
                               pointer.name + " leads to " + pointer.path + ", where nothing is",
                               "muster env stop, then start"});
  if (repository == nullptr) return gate;
  judge_artifacts(*repository, gate);
  const bool kept = std::any_of(report.locks.begin(), report.locks.end(), [](const auto& lock) {
    return lock.name == "keeper" && !lock.holder.empty();
  });
  if (latest.state && !latest.state->legacy && !kept) {
    const auto& services = latest.state->services;
    const auto running = std::find_if(services.begin(), services.end(), [](const auto& it) {
      return said_to_run(it.second) && !it.second.synthetic;
    });
    if (running != services.end())
      gate.failures.push_back(
          {"keeper_gone",
           "nothing keeps the environment although " + running->first + " is said to run",
           "muster env resume"});
    // by the marks in the environment of processes, which nobody else's have
    for (const auto& left : process::run_survivors(latest.state->run_id))
      gate.failures.push_back(
          {"process_left",
           "pid " + std::to_string(left.pid) + " of the run lives on without its keeper",
           "muster env blast-all"});
  }
  if (const auto session = debug::last_session(repository->folder()); session && session->crashed)
    gate.warnings.push_back({"session_crashed",
                             session->command + " ended without saying how: " + session->id,
                             "muster env debug-pack"});
  return gate;
}

Gate shipability(const Examination& examination, const artifacts::Contracts& contracts,
                 const Report& report, const LatestState& latest) {
  Gate gate{"shipability", {}, {}};
  if (examination.configuration) gate.failures.push_back(*examination.configuration);
  if (latest.state) {
    for (const auto& [name, service] : latest.state->services)
      if (service.synthetic)
        gate.failures.push_back(
            {"synthetic_state", name + " is simulated: there is no process", "start it for real"});
    for (const auto& [project, requirements] : latest.state->requirements)
      for (const auto& [id, component] : requirements.components)
        if (component.enabled && component.simulated)
          gate.failures.push_back(
              {"synthetic_state", project + " " + id + " is simulated", "start it for real"});
  }
  const auto none_in_force = [](const std::vector<InForce>& all) {
    return std::none_of(all.begin(), all.end(), [](const InForce& it) { return it.in_force; });
  };
  if (none_in_force(report.reaping))
    gate.failures.push_back(
        {"no_reaping_backend", "no way to end programs for certain works here", ""});
  take_problems(contracts, examination.contracts_required, gate,
                [](const std::string& code) { return !code.starts_with("parity_"); });
  return gate;
}

}  // namespace muster::doctor
