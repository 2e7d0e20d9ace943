// `muster env explain-startup`.
#include <fmt/format.h>

#include "app/env_commands.hpp"
#include "app/env_projects.hpp"
#include "app/env_run.hpp"
#include "app/env_session.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

using Kind = StartDecision::Kind;

Json project_json(const environment::ProjectPlan& project) {
  return {{"name", project.name}, {"root", project.root}};
}

/// What each service would be started as; ports are those that it asks for or had.
Json projection_of(const environment::ProjectPlan& project) {
  Json services = Json::object();
  const auto order = environment::with_dependencies(project.services, project.selected);
  if (!order) return services;
  int position = 0;
  for (const std::string& name : *order) {
    for (const auto& spec : project.services) {
      if (spec.name != name) continue;
      Json waits = Json::array();
      for (const auto& needed : spec.depends_on)
        waits.push_back(needed.name + "@" + std::string(services::to_string(needed.condition)));
      Json ready = Json::array();
      for (const auto& kind : spec.ready) ready.push_back(services::to_string(kind));
      const auto before = project.previous_ports.find(name);
      Json port;
      if (before != project.previous_ports.end())
        port = before->second;
      else if (spec.port)
        port = *spec.port == 0 ? 0 : *spec.port + project.port_offset;
      services[name] = {{"order", ++position},
                        {"argv", spec.command},
                        {"cwd", spec.cwd},
                        {"port", port},
                        {"port_source", before != project.previous_ports.end() ? Json("last_run")
                                        : spec.port                            ? Json("configured")
                                                                               : Json()},
                        {"waits_for", std::move(waits)},
                        {"ready", std::move(ready)},
                        {"critical", spec.critical}};
    }
  }
  return services;
}

Json document_of(const environment::Blueprint& blueprint, const StartDecision& decision) {
  Json projects = Json::array();
  Json names = Json::array();
  Json projection = Json::object();
  Json services = Json::object();
  for (const auto& project : blueprint.projects) {
    projects.push_back(project_json(project));
    names.push_back(project.name);
    projection[project.name] = {{"services", projection_of(project)}};
    for (const auto& spec : project.services) services[spec.name] = true;
  }
  const bool reuse = decision.kind == Kind::running || decision.kind == Kind::restore;
  return {{"command", "start"},
          {"mode", blueprint.mode},
          {"decision", to_string(decision.kind)},
          {"reason", decision.reason},
          {"run_reuse",
           {{"decision_kind", to_string(decision.kind)},
            {"reason", decision.reason},
            {"run_id", decision.run_id.empty() ? Json() : Json(decision.run_id)},
            {"will_reuse_run", reuse},
            {"will_resume_services", decision.kind == Kind::restore},
            {"missing_services", decision.missing},
            {"selected_projects", projects}}},
          {"selection",
           {{"discovered_projects", names},
            {"selected_projects", names},
            {"required", blueprint.projects.size() > 1}}},
          {"services", std::move(services)},
          {"env_projection", {{"projects", std::move(projection)}}},
          {"parallel_trees",
           {{"enabled", blueprint.mode == "trees"}, {"workers", blueprint.projects.size()}}},
          {"startup_enabled", decision.kind != Kind::differs && decision.kind != Kind::other_mode},
          {"interactive_tty", EnvSession::interactive()},
          {"warnings", Json::array()}};
}

/// A folder without services has an explanation as well.
EnvEnd unconfigured(EnvSession& session, const Error& why) {
  if (session.route().json)
    session.print({{"command", "start"},
                   {"decision", why.code},
                   {"reason", why.message},
                   {"hint", why.hint},
                   {"startup_enabled", false},
                   {"services", Json::object()},
                   {"warnings", Json::array()}});
  else
    session.print("start would fail: " + why.message + "\n  " + why.hint + "\n");
  return env_done();
}

EnvEnd explain_startup(EnvSession& session) {
  auto projects = env_projects(session);
  if (!projects) {
    const std::string& code = projects.error().code;
    if (code == "not_configured" || code == "no_trees" || code == "no_repository")
      return unconfigured(session, projects.error());
    return env_failed(projects.error());
  }
  const auto blueprint = env_blueprint(session, std::move(*projects));
  if (!blueprint) return env_failed(blueprint.error());
  const StartDecision decision = decide_start(session, *blueprint);
  const Json document = document_of(*blueprint, decision);
  if (session.route().json) {
    session.print(document);
    return env_done();
  }
  session.print(fmt::format("start would be: {} ({}){}\n", to_string(decision.kind),
                            decision.reason,
                            decision.run_id.empty() ? "" : ", latest run " + decision.run_id));
  for (const auto& project : blueprint->projects) {
    session.print(fmt::format("{}  {}\n", printable(project.name), printable(project.root)));
    std::vector<std::string> lines(project.services.size());
    const Json planned = document["env_projection"]["projects"][project.name]["services"];
    for (const auto& [name, service] : planned.items()) {
      const Json& waits = service["waits_for"];
      const Json& ready = service["ready"];
      lines[service["order"].get<std::size_t>() - 1] = fmt::format(
          "  {}. {:<16} {}{}{}\n", service["order"].get<int>(), printable(name),
          service["port"].is_number() ? fmt::format("port {} ({})  ", dump_json(service["port"]),
                                                    string_at(service, "port_source"))
                                      : "",
          waits.empty() ? "" : "after " + printable(dump_json(waits)) + "  ",
          ready.empty() ? "ready once it runs" : "ready by " + printable(dump_json(ready)));
    }
    for (const std::string& line : lines) session.print(line);
  }
  return env_done();
}

}  // namespace

const EnvCommand kEnvExplainStartup{
    .name = "explain-startup",
    .family = EnvFamily::inspection,
    .about = "Tells what a start would do now and why, without doing it",
    .example = "muster env explain-startup --json",
    .run = explain_startup,
};

}  // namespace muster::app
