// `muster env health`, `errors`, `endpoints`.
#include <fmt/format.h>

#include <algorithm>

#include "app/env_choice.hpp"
#include "app/env_commands.hpp"
#include "app/env_session.hpp"
#include "artifacts/runtime_map.hpp"
#include "base/text.hpp"
#include "truth/reconcile.hpp"

namespace muster::app {
namespace {

using artifacts::RunState;
using artifacts::Service;
using artifacts::Status;

/// The latest state as it really is, reduced to what the route names.
Result<RunState> true_state(EnvSession& session) {
  auto state = session.state();
  if (!state) return state;
  if (const auto judged = truth::reconcile(*state); !judged) return judged.error();
  const auto chosen = choose_or_all(session, targets_of(*state));
  if (!chosen) return chosen.error();
  std::erase_if(state->services, [&](const auto& each) {
    return std::none_of(chosen->begin(), chosen->end(),
                        [&](const EnvTarget& target) { return target.name == each.first; });
  });
  return state;
}

Json optional(const auto& value) {
  return value ? Json(*value) : Json();
}

Json url_of(const Service& service) {
  if (!service.actual_port || !artifacts::reachable(service.status)) return {};
  return fmt::format("http://localhost:{}", *service.actual_port);
}

std::string shown_status(const RunState& state, const std::string& name) {
  if (truth::completed(state, name)) return "completed";
  return std::string(artifacts::to_string(state.services.at(name).status));
}

Json described(const RunState& state, const std::string& name) {
  const Service& service = state.services.at(name);
  return {{"name", name},
          {"project", service.project},
          {"type", service.type},
          {"status", shown_status(state, name)},
          {"critical", service.critical},
          {"pid", optional(service.pid)},
          {"port", optional(service.actual_port)},
          {"requested_port", optional(service.requested_port)},
          {"actual_port", optional(service.actual_port)},
          {"listener_pids", service.listener_pids},
          {"url", url_of(service)},
          {"cwd", service.cwd},
          {"log_path", service.log_path},
          {"synthetic", service.synthetic},
          {"failure_detail", optional(service.failure_detail)}};
}

/// A requirement that is wanted and not there.
Json requirement_issues(const RunState& state) {
  Json issues = Json::array();
  for (const auto& [project, needed] : state.requirements) {
    for (const auto& [id, component] : needed.components) {
      if (!component.enabled || (component.success && component.health != "unhealthy")) continue;
      issues.push_back({{"project", project},
                        {"id", id},
                        {"health", component.health},
                        {"reason_code", optional(component.reason_code)},
                        {"failure_class", optional(component.failure_class)},
                        {"error", optional(component.error)}});
    }
  }
  return issues;
}

/// What is wrong, sorted by weight.
struct Findings {
  std::vector<std::string> critical;
  std::vector<std::string> optional;
  int ok = 0;
  int warn = 0;
  int bad = 0;
};

Findings findings_of(const RunState& state) {
  Findings found;
  for (const auto& [name, service] : state.services) {
    if (truth::as_it_should_be(state, name)) {
      ++found.ok;
    } else {
      ++(service.status == Status::starting || !service.critical ? found.warn : found.bad);
      (service.critical ? found.critical : found.optional).push_back(name);
    }
  }
  return found;
}

std::vector<artifacts::Failure> recorded_failures(EnvSession& session, const RunState& state) {
  const auto repository = session.repository();
  if (!repository) return {};
  const auto report = (*repository)->errors_of(state.run_id);
  return report ? report->errors : std::vector<artifacts::Failure>();
}

Json failures_json(const std::vector<artifacts::Failure>& failures) {
  Json made = Json::array();
  for (const auto& failure : failures) made.push_back(artifacts::to_json(failure));
  return made;
}

std::string line_of(const RunState& state, const std::string& name) {
  const Service& service = state.services.at(name);
  const Json url = url_of(service);
  return fmt::format("{:<24} {:<11} {:<26} {}\n", printable(name), shown_status(state, name),
                     url.is_string() ? url.get<std::string>() : "",
                     service.failure_detail ? printable(*service.failure_detail) : "");
}

EnvEnd health(EnvSession& session) {
  const auto state = true_state(session);
  if (!state) return env_failed(state.error());
  const Findings found = findings_of(*state);
  const Json requirements = requirement_issues(*state);
  const bool healthy = found.critical.empty() && requirements.empty();
  if (session.route().json) {
    Json services = Json::array();
    for (const auto& [name, service] : state->services) services.push_back(described(*state, name));
    Json failing = found.critical;
    for (const std::string& name : found.optional) failing.push_back(name);
    const Json projects = state->metadata.value("project_names", Json::array());
    session.print(
        {{"ok", healthy},
         {"healthy", healthy},
         {"overall", healthy ? (found.optional.empty() ? "healthy" : "degraded") : "unhealthy"},
         {"blocking", !healthy},
         {"critical_services_healthy", found.critical.empty()},
         {"critical_failures", found.critical},
         {"optional_failures", found.optional},
         {"issues",
          {{"failing_services", failing},
           {"requirement_issues", requirements},
           {"recent_failures", failures_json(recorded_failures(session, *state))}}},
         {"mode", state->mode},
         {"run_id", state->run_id},
         {"projects", projects.size()},
         {"services", std::move(services)},
         {"status_counts", {{"ok", found.ok}, {"warn", found.warn}, {"bad", found.bad}}},
         {"warnings", Json::array()}});
  } else {
    for (const auto& [name, service] : state->services) session.print(line_of(*state, name));
    for (const Json& issue : requirements)
      session.print(fmt::format("{:<24} {:<11} {}\n",
                                string_at(issue, "project") + " " + string_at(issue, "id"),
                                string_at(issue, "health"), string_at(issue, "error")));
  }
  if (healthy) return env_done();
  if (found.critical.empty())
    return env_failed(
        error("requirement_unhealthy", "a requirement is not healthy", "muster env errors"));
  std::vector<std::string> names;
  for (const std::string& name : found.critical) names.push_back(printable(name));
  return env_failed(error("unhealthy", "not running: " + join(names, ", "),
                          "muster env errors tells why, muster env resume starts it again"));
}

EnvEnd errors(EnvSession& session) {
  const auto state = true_state(session);
  if (!state) return env_failed(state.error());
  const Findings found = findings_of(*state);
  Json failed = Json::array();
  Json logs = Json::array();
  for (const auto* names : {&found.critical, &found.optional}) {
    for (const std::string& name : *names) {
      const Service& service = state->services.at(name);
      failed.push_back({{"name", name},
                        {"status", shown_status(*state, name)},
                        {"critical", service.critical},
                        {"failure_detail", optional(service.failure_detail)},
                        {"log_path", service.log_path}});
      if (service.log_path.empty())
        logs.push_back({{"name", name}, {"issue", "it was never started, so it has no log"}});
    }
  }
  const auto recorded = recorded_failures(session, *state);
  const Json requirements = requirement_issues(*state);
  const bool ok = failed.empty() && recorded.empty() && requirements.empty();
  if (session.route().json) {
    Json selected = session.route().words;
    session.print({{"ok", ok},
                   {"run_id", state->run_id},
                   {"mode", state->mode},
                   {"failed_services", std::move(failed)},
                   {"log_issues", std::move(logs)},
                   {"recent_failures", failures_json(recorded)},
                   {"requirement_issues", requirements},
                   {"selected_services", selected.empty() ? Json() : selected}});
  } else if (ok) {
    session.print("no errors\n");
  } else {
    for (const Json& each : failed) {
      session.print(line_of(*state, string_at(each, "name")));
      if (const std::string path = string_at(each, "log_path"); !path.empty())
        session.print("  log: " + path + "\n");
    }
    for (const auto& failure : recorded) {
      session.print(
          fmt::format("{}: {}{}\n", printable(failure.subject), printable(failure.message),
                      failure.failure_class.empty() ? "" : " (" + failure.failure_class + ")"));
      if (!failure.hint.empty()) session.print("  " + printable(failure.hint, true) + "\n");
    }
    for (const Json& issue : requirements)
      session.print(fmt::format("{} {}: {}\n", string_at(issue, "project"), string_at(issue, "id"),
                                string_at(issue, "error")));
  }
  if (ok) return env_done();
  std::string failure_class = "errors";
  for (const auto& failure : recorded)
    if (!failure.failure_class.empty()) failure_class = failure.failure_class;
  return env_failed(std::move(failure_class));
}

EnvEnd endpoints(EnvSession& session) {
  const auto state = true_state(session);
  if (!state) return env_failed(state.error());
  Json found = Json::array();
  for (const auto& [name, service] : state->services) {
    if (!service.actual_port && !service.requested_port) continue;
    const Json shown = described(*state, name);
    found.push_back({{"name", name},
                     {"project", service.project},
                     {"type", service.type},
                     {"port", shown["port"]},
                     {"url", shown["url"]},
                     {"status", shown["status"]}});
  }
  if (session.route().json) {
    session.print({{"run_id", state->run_id},
                   {"mode", state->mode},
                   {"endpoints", std::move(found)},
                   {"projection", artifacts::runtime_map(*state)["projection"]}});
    return env_done();
  }
  for (const Json& each : found)
    session.print(fmt::format(
        "{:<24} {}\n", printable(string_at(each, "name")),
        each["url"].is_string() ? string_at(each, "url") : "(" + string_at(each, "status") + ")"));
  return env_done();
}

}  // namespace

const EnvCommand kEnvHealth{
    .name = "health",
    .aliases = "h",
    .family = EnvFamily::state,
    .about = "Tells of each service whether it really runs; exit 1 when a critical one does not",
    .example = "muster env health --json",
    .words = EnvWords::names,
    .run = health,
};

const EnvCommand kEnvErrors{
    .name = "errors",
    .aliases = "e",
    .family = EnvFamily::state,
    .about = "Tells what has failed and why; exit 1 when something has",
    .example = "muster env errors --json",
    .words = EnvWords::names,
    .run = errors,
};

const EnvCommand kEnvEndpoints{
    .name = "endpoints",
    .family = EnvFamily::state,
    .about = "Prints where services are reached; a URL only for what runs",
    .example = "muster env endpoints --json",
    .words = EnvWords::names,
    .run = endpoints,
};

}  // namespace muster::app
