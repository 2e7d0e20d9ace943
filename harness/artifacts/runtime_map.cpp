#include "artifacts/runtime_map.hpp"

#include <fmt/format.h>

namespace muster::artifacts {
namespace {

std::optional<int> port_of(const Service& service) {
  return service.actual_port ? service.actual_port : service.requested_port;
}

Json url_of(const Service& service) {
  const auto port = port_of(service);
  if (!port || !reachable(service.status)) return {};
  return fmt::format("http://localhost:{}", *port);
}

Json port_json(const std::optional<int>& port) {
  return port ? Json(*port) : Json();
}

Json described(const std::string& name, const Service& service) {
  return {{"name", name},
          {"type", service.type},
          {"cwd", service.cwd},
          {"requested_port", port_json(service.requested_port)},
          {"actual_port", port_json(service.actual_port)},
          {"url", url_of(service)},
          {"status", to_string(service.status)},
          {"critical", service.critical},
          {"log_path", service.log_path},
          {"failure_detail", service.failure_detail ? Json(*service.failure_detail) : Json()}};
}

std::string variable_of(std::string_view name, std::string_view suffix) {
  std::string variable;
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    variable += lower ? static_cast<char>(c - 'a' + 'A') : plain ? c : '_';
  }
  return variable + std::string(suffix);
}

}  // namespace

Json runtime_map(const RunState& state) {
  Json projects = Json::object();
  Json projection = Json::object();
  Json by_port = Json::object();
  Json by_service = Json::object();
  for (const auto& [name, service] : state.services) {
    projects[service.project]["services"][service.type] = described(name, service);
    Json& shown = projection[service.project];
    shown[service.type + "_port"] = port_json(port_of(service));
    shown[service.type + "_url"] = url_of(service);
    shown[service.type + "_status"] = to_string(service.status);
    by_service[name] = port_json(service.actual_port);
    if (service.actual_port && reachable(service.status))
      by_port[std::to_string(*service.actual_port)] = name;
  }
  return {{"schema_version", kStateSchema},
          {"producer", kProducer},
          {"backend_mode", state.backend_mode},
          {"run_id", state.run_id},
          {"mode", state.mode},
          {"projects", std::move(projects)},
          {"port_to_service", std::move(by_port)},
          {"service_to_actual_port", std::move(by_service)},
          {"projection", std::move(projection)}};
}

std::map<std::string, std::string> projected_environment(const RunState& state,
                                                         const std::string& project) {
  std::map<std::string, std::string> environment;
  for (const auto& [name, service] : state.services) {
    if (service.project != project) continue;
    if (const auto port = port_of(service))
      environment[variable_of(service.type, "_PORT")] = std::to_string(*port);
    if (const Json url = url_of(service); url.is_string())
      environment[variable_of(service.type, "_URL")] = url.get<std::string>();
  }
  const auto needed = state.requirements.find(project);
  if (needed == state.requirements.end()) return environment;
  for (const auto& [id, component] : needed->second.components) {
    if (component.enabled && component.final_port)
      environment[variable_of(id, "_PORT")] = std::to_string(*component.final_port);
  }
  return environment;
}

}  // namespace muster::artifacts
