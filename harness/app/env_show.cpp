// `muster env show-config`, `show-state`, `list-targets`.
#include <fmt/format.h>

#include "app/env_commands.hpp"
#include "app/env_projects.hpp"
#include "app/env_session.hpp"
#include "artifacts/runtime_map.hpp"
#include "base/text.hpp"
#include "config/show.hpp"

namespace muster::app {
namespace {

EnvEnd show_config(EnvSession& session) {
  const auto settings = session.config();
  if (!settings) return env_failed(settings.error());
  session.print(session.route().json ? config::show_json(**settings)
                                     : config::show_text(**settings));
  return env_done();
}

constexpr EnvOption kStateOptions[] = {
    {"--file", EnvKind::text, "Reads this file, wherever it lies, also of the older tool"},
    {"--run", EnvKind::text, "The state of this run (default: the latest)"},
};

struct Shown {
  std::string path;
  artifacts::RunState state;
  Json document;
};

/// Nullopt: there is none.
Result<std::optional<Shown>> state_to_show(EnvSession& session) {
  std::string path;
  if (const auto file = session.route().text("file")) {
    path = *file;
  } else {
    const auto repository = session.repository();
    if (!repository) {
      if (repository.error().code == "no_environment") return std::optional<Shown>();
      return repository.error();
    }
    const auto run = session.route().text("run");
    const auto state = run ? (*repository)->state_of(*run) : session.state();
    if (!state) {
      if (state.error().code == "no_environment") return std::optional<Shown>();
      return state.error();
    }
    path = (*repository)->run_path(state->run_id) + "/" + artifacts::kRunStateFile;
  }
  auto read = artifacts::read_state_file(path);
  if (!read) return read.error();
  return std::optional(Shown{path, std::move(read->state), std::move(read->document)});
}

EnvEnd show_state(EnvSession& session) {
  const auto shown = state_to_show(session);
  if (!shown) return env_failed(shown.error());
  const auto runtime_root = session.scope_folder();
  if (session.route().json) {
    Json document{{"found", shown->has_value()},
                  {"runtime_root", runtime_root ? Json(*runtime_root) : Json()},
                  {"warnings", Json::array()}};
    if (*shown) {
      document["run_state_path"] = (*shown)->path;
      document["legacy"] = (*shown)->state.legacy;
      document["state"] = (*shown)->document;
      document["runtime_map"] = artifacts::runtime_map((*shown)->state);
    }
    session.print(document);
    return env_done();
  }
  if (!*shown) {
    session.print("no environment was started here\n");
    return env_done();
  }
  const artifacts::RunState& state = (*shown)->state;
  session.print(fmt::format("{}\nrun {}  mode {}  backend {}{}\n", (*shown)->path, state.run_id,
                            state.mode, state.backend_mode,
                            state.legacy ? "  (written by the older tool)" : ""));
  for (const auto& [name, service] : state.services)
    session.print(fmt::format(
        "  {:<24} {:<11} pid {:<8} port {:<6} {}\n", printable(name),
        artifacts::to_string(service.status), service.pid ? std::to_string(*service.pid) : "-",
        service.actual_port ? std::to_string(*service.actual_port) : "-", printable(service.cwd)));
  for (const auto& [project, needed] : state.requirements)
    for (const auto& [id, component] : needed.components)
      session.print(
          fmt::format("  {:<24} {:<11} port {}\n", printable(project + " " + id),
                      component.enabled ? component.health : "disabled",
                      component.final_port ? std::to_string(*component.final_port) : "-"));
  return env_done();
}

Json target_json(const environment::ProjectPlan& project, const services::ServiceSpec& spec) {
  Json needs = Json::array();
  for (const auto& needed : spec.depends_on)
    needs.push_back(needed.name + "@" + std::string(services::to_string(needed.condition)));
  return {{"name", environment::display_name(project.name, spec.name)},
          {"service", spec.name},
          {"port", spec.port ? Json(*spec.port) : Json()},
          {"critical", spec.critical},
          {"depends_on", std::move(needs)}};
}

EnvEnd list_targets(EnvSession& session) {
  const auto settings = session.config();
  if (!settings) return env_failed(settings.error());
  const auto mode = session.mode();
  if (!mode) return env_failed(mode.error());
  const auto projects = env_projects(session);
  const bool none = !projects && (projects.error().code == "not_configured" ||
                                  projects.error().code == "no_trees" ||
                                  projects.error().code == "no_repository");
  if (!projects && !none) return env_failed(projects.error());
  Json listed = Json::array();
  if (projects) {
    for (const auto& project : *projects) {
      Json services = Json::array();
      for (const auto& spec : project.services) services.push_back(target_json(project, spec));
      listed.push_back(
          {{"name", project.name}, {"root", project.root}, {"services", std::move(services)}});
    }
  }
  const auto actions = (*settings)->names("action");
  if (session.route().json) {
    session.print(Json{{"mode", *mode}, {"projects", std::move(listed)}, {"actions", actions}});
    return env_done();
  }
  for (const Json& project : listed) {
    session.print(printable(string_at(project, "name")) + "  " +
                  printable(string_at(project, "root")) + "\n");
    for (const Json& service : project["services"])
      session.print("  " + printable(string_at(service, "service")) +
                    (service["port"].is_number() ? "  port " + dump_json(service["port"]) : "") +
                    "\n");
  }
  for (const std::string& action : actions) session.print("action " + printable(action) + "\n");
  if (none && actions.empty()) session.print("nothing is declared here\n");
  return env_done();
}

}  // namespace

const EnvCommand kEnvShowConfig{
    .name = "show-config",
    .family = EnvFamily::inspection,
    .about = "Prints every key of the configuration, its value and where that comes from",
    .example = "muster env show-config --json",
    .run = show_config,
};

const EnvCommand kEnvShowState{
    .name = "show-state",
    .family = EnvFamily::inspection,
    .about = "Prints the saved state of an environment, without looking whether it is true",
    .example = "muster env show-state --file old/run_state.json --json",
    .options = kStateOptions,
    .run = show_state,
};

const EnvCommand kEnvListTargets{
    .name = "list-targets",
    .family = EnvFamily::inspection,
    .about = "Lists projects, services and actions that commands can be told to work on",
    .example = "muster env list-targets --mode trees",
    .run = list_targets,
};

}  // namespace muster::app
