#include "environment/blueprint.hpp"

#include <algorithm>
#include <set>

#include "base/diff.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"

namespace muster::environment {
namespace {

using services::ServiceSpec;

Json described(const ServiceSpec& spec) {
  Json ready = Json::array();
  for (const services::ReadySpec& kind : spec.ready)
    ready.push_back({static_cast<int>(kind.kind), kind.argument});
  Json needs = Json::array();
  for (const services::Dependency& needed : spec.depends_on)
    needs.push_back({needed.name, services::to_string(needed.condition)});
  return {{"name", spec.name},
          {"command", spec.command},
          {"cwd", spec.cwd},
          {"env", spec.env},
          {"user", spec.user},
          {"port", spec.port ? Json(*spec.port) : Json()},
          {"passed", spec.port_mode == services::PortMode::passed},
          {"ready", std::move(ready)},
          {"depends_on", std::move(needs)},
          {"restart", static_cast<int>(spec.restart)},
          {"stop", {spec.stop_signal, spec.stop_grace.count()}},
          {"critical", spec.critical}};
}

Json described(const requirements::RequirementSpec& spec) {
  return {{"id", spec.id},
          {"kind", spec.kind},
          {"backing", requirements::to_string(spec.backing)},
          {"port", spec.port},
          {"image", spec.image},
          {"database", {spec.database, spec.role}},
          {"command", spec.command},
          {"account", spec.account},
          {"env", spec.env},
          {"bootstrap", spec.bootstrap},
          {"variables", spec.variables},
          {"critical", spec.critical}};
}

const ServiceSpec* find(const std::vector<ServiceSpec>& services, const std::string& name) {
  const auto at = std::find_if(services.begin(), services.end(),
                               [&](const ServiceSpec& spec) { return spec.name == name; });
  return at == services.end() ? nullptr : &*at;
}

void collect(const std::vector<ServiceSpec>& services, const ServiceSpec& spec,
             std::set<std::string>& names) {
  if (!names.insert(spec.name).second) return;
  for (const services::Dependency& needed : spec.depends_on)
    if (const ServiceSpec* other = find(services, needed.name)) collect(services, *other, names);
}

}  // namespace

std::string display_name(const std::string& project, const std::string& service) {
  std::string name = service;
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return project + " " + name;
}

std::string fingerprint(const Blueprint& blueprint) {
  Json projects = Json::array();
  for (const ProjectPlan& project : blueprint.projects) {
    Json services = Json::array();
    for (const ServiceSpec& spec : project.services) services.push_back(described(spec));
    Json needed = Json::array();
    for (const requirements::RequirementSpec& spec : project.requirements)
      needed.push_back(described(spec));
    projects.push_back({{"name", project.name},
                        {"root", project.root},
                        {"services", std::move(services)},
                        {"requirements", std::move(needed)}});
  }
  return sha256_hex(dump_json({{"mode", blueprint.mode}, {"projects", std::move(projects)}}));
}

Result<std::vector<std::string>> with_dependencies(const std::vector<ServiceSpec>& services,
                                                   const std::vector<std::string>& selected) {
  std::set<std::string> wanted;
  for (const std::string& name : selected) {
    const ServiceSpec* spec = find(services, name);
    if (spec == nullptr) {
      std::vector<std::string> known;
      for (const ServiceSpec& other : services) known.push_back(other.name);
      const auto near = nearest(name, known);
      return error("service_unknown", "there is no service " + name,
                   near ? "did you mean " + *near + "?" : "muster env list-targets");
    }
    collect(services, *spec, wanted);
  }
  auto order = services::start_order(services);
  if (!order) return order;
  if (!selected.empty())
    std::erase_if(*order, [&](const std::string& name) { return !wanted.contains(name); });
  return order;
}

}  // namespace muster::environment
