#include "artifacts/run_state.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/json_members.hpp"

namespace muster::artifacts {
namespace {

constexpr std::array<std::pair<Status, std::string_view>, 7> kStatuses{{
    {Status::running, "running"},
    {Status::starting, "starting"},
    {Status::stale, "stale"},
    {Status::unreachable, "unreachable"},
    {Status::simulated, "simulated"},
    {Status::unknown, "unknown"},
    {Status::stopped, "stopped"},
}};

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

std::optional<int> port_of(Members& members, std::string_view name) {
  const auto number = members.optional_number(name);
  if (!number || *number < 0 || *number > 65'535) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<std::uint64_t> ticks_of(Members& members) {
  const auto number = members.optional_number("pid_start");
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

Json to_json(const Service& service) {
  return {{"project", service.project},
          {"type", service.type},
          {"cwd", service.cwd},
          {"pid", or_null(service.pid)},
          {"pid_start", or_null(service.pid_start)},
          {"requested_port", or_null(service.requested_port)},
          {"actual_port", or_null(service.actual_port)},
          {"log_path", service.log_path},
          {"status", to_string(service.status)},
          {"synthetic", service.synthetic},
          {"started_at", service.started_at == 0 ? Json() : Json(service.started_at)},
          {"listener_pids", service.listener_pids},
          {"failure_detail", or_null(service.failure_detail)},
          {"critical", service.critical}};
}

Service service_of(Members& members) {
  Service service;
  service.project = members.optional_text("project").value_or("");
  service.type = members.text("type");
  service.cwd = members.optional_text("cwd").value_or("");
  service.pid = members.optional_number("pid");
  service.pid_start = ticks_of(members);
  service.requested_port = port_of(members, "requested_port");
  service.actual_port = port_of(members, "actual_port");
  service.log_path = members.optional_text("log_path").value_or("");
  service.status = status_from_string(members.text("status"));
  service.synthetic = members.flag_or("synthetic", false);
  service.started_at = members.optional_real("started_at").value_or(0);
  service.listener_pids = members.numbers("listener_pids");
  service.failure_detail = members.optional_text("failure_detail");
  service.critical = members.flag_or("critical", true);
  return service;
}

Json to_json(const Component& component) {
  Json json{{"id", component.id},
            {"enabled", component.enabled},
            {"success", component.success},
            {"simulated", component.simulated},
            {"health", component.health},
            {"resources", Json(component.resources)},
            {"requested", or_null(component.requested)},
            {"final", or_null(component.final_port)},
            {"retries", component.retries},
            {"reason_code", or_null(component.reason_code)},
            {"failure_class", or_null(component.failure_class)},
            {"error", or_null(component.error)},
            {"runtime_status", or_null(component.runtime_status)},
            {"container_name", or_null(component.container_name)}};
  if (component.pid) json["pid"] = *component.pid;
  if (component.pid_start) json["pid_start"] = *component.pid_start;
  return json;
}

Component component_of(Members& members) {
  Component component;
  component.id = members.text("id");
  component.enabled = members.flag_or("enabled", true);
  component.success = members.flag_or("success", false);
  component.simulated = members.flag_or("simulated", false);
  component.health = members.optional_text("health").value_or("unknown");
  if (const auto at = members.json().find("resources");
      at != members.json().end() && at->is_object()) {
    for (const auto& [name, port] : at->items()) {
      if (port.is_number_integer()) component.resources[name] = port.get<int>();
    }
  }
  component.requested = port_of(members, "requested");
  component.final_port = port_of(members, "final");
  component.retries = static_cast<int>(members.optional_number("retries").value_or(0));
  component.reason_code = members.optional_text("reason_code");
  component.failure_class = members.optional_text("failure_class");
  component.error = members.optional_text("error");
  component.runtime_status = members.optional_text("runtime_status");
  component.container_name = members.optional_text("container_name");
  component.pid = members.optional_number("pid");
  component.pid_start = ticks_of(members);
  return component;
}

Json to_json(const Requirements& requirements) {
  Json components = Json::object();
  for (const auto& [id, component] : requirements.components) components[id] = to_json(component);
  return {{"components", std::move(components)},
          {"health", requirements.health},
          {"failures", requirements.failures}};
}

Requirements requirements_of(Members& members) {
  Requirements requirements;
  members.each("components", [&](const std::string& id, Members& inner) {
    requirements.components[id] = component_of(inner);
  });
  requirements.health = members.optional_text("health").value_or("unknown");
  requirements.failures = members.texts("failures");
  return requirements;
}

/// Whether the version and the producer are ones that are read; whether they are another tool's.
Result<bool> is_legacy(const Json& json) {
  const auto at = json.find("schema_version");
  const std::int64_t version =
      at != json.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
  const std::string producer = string_at(json, "producer");
  if (version == 1 && !json.contains("producer")) return true;
  if (version == kStateSchema && producer == kProducer) return false;
  return error("state_schema",
               fmt::format("the state is of schema {} by '{}'; read are {} by {}, and 1 without a "
                           "producer",
                           version, producer, kStateSchema, kProducer));
}

}  // namespace

std::string_view to_string(Status status) {
  for (const auto& [value, name] : kStatuses)
    if (value == status) return name;
  return "unknown";
}

Status status_from_string(std::string_view text) {
  if (text == "healthy") return Status::running;
  for (const auto& [value, name] : kStatuses)
    if (name == text) return value;
  return Status::unknown;
}

bool reachable(Status status) {
  return status == Status::running || status == Status::starting;
}

Json to_json(const RunState& state) {
  Json services = Json::object();
  for (const auto& [name, service] : state.services) services[name] = to_json(service);
  Json requirements = Json::object();
  for (const auto& [project, needed] : state.requirements) requirements[project] = to_json(needed);
  return {{"schema_version", kStateSchema},
          {"producer", kProducer},
          {"run_id", state.run_id},
          {"mode", state.mode},
          {"backend_mode", state.backend_mode},
          {"services", std::move(services)},
          {"requirements", std::move(requirements)},
          {"pointers", Json(state.pointers)},
          {"metadata", state.metadata}};
}

Result<RunState> run_state_from_json(const Json& json) {
  if (!json.is_object())
    return error("state_shape", "the state has no proper member .: an object expected");
  const auto legacy = is_legacy(json);
  if (!legacy) return legacy.error();
  Members members(json);
  RunState state;
  state.legacy = *legacy;
  state.run_id = members.text("run_id");
  state.mode = members.text("mode");
  state.backend_mode = members.optional_text("backend_mode").value_or("process");
  members.each("services", [&](const std::string& name, Members& inner) {
    state.services[name] = service_of(inner);
  });
  members.each("requirements", [&](const std::string& project, Members& inner) {
    state.requirements[project] = requirements_of(inner);
  });
  if (const auto at = json.find("pointers"); at != json.end() && at->is_object()) {
    for (const auto& [name, path] : at->items()) {
      if (path.is_string()) state.pointers[name] = path.get<std::string>();
    }
  }
  if (const auto at = json.find("metadata"); at != json.end() && at->is_object())
    state.metadata = *at;
  if (const auto judged = members.verdict("state_shape", "the state"); !judged)
    return judged.error();
  return state;
}

}  // namespace muster::artifacts
