#include "artifacts/ports_manifest.hpp"

#include <array>
#include <utility>

#include "artifacts/run_state.hpp"
#include "base/json_members.hpp"

namespace muster::artifacts {
namespace {

constexpr std::array<std::pair<PortSource, std::string_view>, 4> kSources{{
    {PortSource::environment, "env"},
    {PortSource::planner, "planner"},
    {PortSource::retry, "retry"},
    {PortSource::existing_container, "existing_container"},
}};

PortSource source_from_string(std::string_view text) {
  for (const auto& [value, name] : kSources)
    if (name == text) return value;
  return PortSource::planner;
}

}  // namespace

std::string_view to_string(PortSource source) {
  for (const auto& [value, name] : kSources)
    if (value == source) return name;
  return "planner";
}

Json to_json(const PortsManifest& manifest) {
  Json projects = Json::array();
  for (const auto& project : manifest.projects) {
    Json ports = Json::object();
    for (const auto& [name, plan] : project.ports) {
      ports[name] = {{"requested", plan.requested},
                     {"assigned", plan.assigned},
                     {"final", plan.final_port},
                     {"source", to_string(plan.source)},
                     {"retries", plan.retries}};
    }
    projects.push_back(
        {{"project", project.project}, {"root", project.root}, {"ports", std::move(ports)}});
  }
  return {{"schema_version", kStateSchema},
          {"producer", kProducer},
          {"run_id", manifest.run_id},
          {"mode", manifest.mode},
          {"projects", std::move(projects)}};
}

Result<PortsManifest> ports_manifest_from_json(const Json& json) {
  Members members(json);
  PortsManifest manifest;
  manifest.run_id = members.text("run_id");
  manifest.mode = members.text("mode");
  members.each_of("projects", [&](Members& inner) {
    ProjectPorts project;
    project.project = inner.text("project");
    project.root = inner.text("root");
    inner.each("ports", [&](const std::string& name, Members& port) {
      PortPlan& plan = project.ports[name];
      plan.requested = static_cast<int>(port.number("requested"));
      plan.assigned = static_cast<int>(port.number("assigned"));
      plan.final_port = static_cast<int>(port.number("final"));
      plan.source = source_from_string(port.text("source"));
      plan.retries = static_cast<int>(port.optional_number("retries").value_or(0));
    });
    manifest.projects.push_back(std::move(project));
  });
  if (const auto judged = members.verdict("ports_shape", "the ports manifest"); !judged)
    return judged.error();
  return manifest;
}

}  // namespace muster::artifacts
