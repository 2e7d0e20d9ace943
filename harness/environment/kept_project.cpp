#include "environment/kept_project.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "environment/requirement_state.hpp"

namespace muster::environment {
namespace {

/// What stands in the state so that a later start can tell whether it would be the same.
Json identity_of(const Blueprint& blueprint) {
  Json projects = Json::array();
  Json services = Json::object();
  for (const ProjectPlan& project : blueprint.projects) {
    projects.push_back({{"name", project.name}, {"root", project.root}});
    const auto started = with_dependencies(project.services, project.selected);
    for (const services::ServiceSpec& spec : project.services)
      services[display_name(project.name, spec.name)] =
          started && std::find(started->begin(), started->end(), spec.name) != started->end();
  }
  return {{"fingerprint", fingerprint(blueprint)},
          {"mode", blueprint.mode},
          {"projects", std::move(projects)},
          {"services", std::move(services)}};
}

void add_failure(const KeptProject& project, artifacts::Failure failure, bool critical,
                 artifacts::Publication& made) {
  failure.subject = display_name(project.plan().name, failure.subject);
  const std::string words = failure.subject + ": " + failure.message;
  (critical ? made.readiness.errors : made.readiness.warnings).push_back(words);
  made.errors.errors.push_back(std::move(failure));
}

void add_failures(const KeptProject& project, artifacts::Publication& made) {
  for (const auto* units : {&project.requirements(), &project.units()}) {
    for (const auto& [name, unit] : *units) {
      if (unit->failure) add_failure(project, *unit->failure, unit->spec.critical, made);
      if (unit->requirement && unit->requirement->soft)
        add_failure(project, *unit->requirement->soft, false, made);
    }
  }
}

}  // namespace

KeptProject::KeptProject(const ProjectPlan& plan, const Variables& variables, Surroundings around)
    : plan_(plan), variables_(variables), around_(std::move(around)) {
  around_.units = &units_;
  around_.requirements = &needed_;
  around_.project = plan.name;
  for (const auto& [name, value] : variables)
    around_.base_environment.push_back(name + "=" + value);
}

std::shared_ptr<Unit> KeptProject::unit(const std::string& name) const {
  const auto at = units_.find(name);
  return at == units_.end() ? nullptr : at->second;
}

std::shared_ptr<Unit> KeptProject::make_unit(const services::ServiceSpec& spec) {
  auto unit = std::make_shared<Unit>(spec, around_.executor);
  unit->record.project = plan_.name;
  unit->record.type = spec.name;
  unit->record.cwd = spec.cwd;
  unit->record.critical = spec.critical;
  return unit;
}

Result<std::vector<std::shared_ptr<Unit>>> KeptProject::prepare(
    const std::vector<std::string>& names) {
  const auto order = with_dependencies(plan_.services, names.empty() ? plan_.selected : names);
  if (!order) return order.error();
  std::vector<std::string> missing;
  for (const std::string& name : *order) {
    const auto known = unit(name);
    if (!known || !known->port) missing.push_back(name);
  }
  std::map<std::string, HeldPort> ports;
  if (!missing.empty()) {
    auto planned =
        plan_ports(plan_.services, plan_.previous_ports, variables_, plan_.port_offset, missing);
    if (!planned) return planned.error();
    ports = std::move(*planned);
  }
  auto prepared = prepare_requirements();
  if (!prepared) return prepared;
  std::vector<std::shared_ptr<Unit>> made = std::move(*prepared);
  for (const std::string& name : *order) {
    const auto before = unit(name);
    const bool named = std::find(names.begin(), names.end(), name) != names.end();
    // what others need and has done its work has not to do it again
    if (before && (!before->over() || (before->finished() && !named))) continue;
    for (const services::ServiceSpec& spec : plan_.services) {
      if (spec.name != name) continue;
      auto fresh = make_unit(spec);
      if (before && before->port)
        fresh->port = std::move(before->port);
      else if (auto port = ports.find(name); port != ports.end())
        fresh->port = std::move(port->second);
      if (fresh->port) fresh->record.requested_port = fresh->port->plan.requested;
      units_[name] = fresh;
      made.push_back(std::move(fresh));
    }
  }
  return made;
}

Result<std::vector<std::shared_ptr<Unit>>> KeptProject::prepare_requirements() {
  std::vector<std::shared_ptr<Unit>> made;
  for (const requirements::RequirementSpec& spec : plan_.requirements) {
    std::shared_ptr<Unit>& unit = needed_[spec.id];
    if (unit && !unit->over()) continue;
    auto fresh = make_unit(as_service(spec));
    fresh->requirement.emplace();
    fresh->requirement->spec = spec;
    if (unit && unit->port) {
      fresh->port = std::move(unit->port);
    } else {
      auto ports = plan_ports({fresh->spec}, plan_.previous_ports, variables_, plan_.port_offset);
      if (!ports) return ports.error();
      fresh->port = std::move(ports->at(spec.id));
    }
    fresh->record.requested_port = fresh->port->plan.requested;
    unit = fresh;
    made.push_back(std::move(fresh));
  }
  return made;
}

artifacts::Publication publication_of(const Blueprint& blueprint,
                                      const std::vector<std::unique_ptr<KeptProject>>& projects,
                                      const std::string& backend) {
  artifacts::Publication made;
  made.state.run_id = made.ports.run_id = made.errors.run_id = blueprint.run_id;
  made.state.mode = made.ports.mode = blueprint.mode;
  made.state.backend_mode = backend;
  made.errors.generated_at = to_rfc3339(system_clock().wall());
  Json roots = Json::object();
  Json names = Json::array();
  Json completed = Json::array();
  Json slots = Json::object();
  for (const auto& project : projects) {
    const ProjectPlan& plan = project->plan();
    roots[plan.name] = plan.root;
    names.push_back(plan.name);
    slots[plan.name] = plan.slot;
    artifacts::ProjectPorts ports{plan.name, plan.root, {}};
    for (const auto& [name, unit] : project->units()) {
      made.state.services[display_name(plan.name, name)] = unit->record;
      if (unit->port) ports.ports[name] = unit->port->plan;
      if (unit->finished()) completed.push_back(display_name(plan.name, name));
    }
    for (const auto& [id, unit] : project->requirements())
      if (unit->port) ports.ports[id] = unit->port->plan;
    if (!project->requirements().empty())
      made.state.requirements[plan.name] = requirements_of(project->requirements());
    made.ports.projects.push_back(std::move(ports));
    add_failures(*project, made);
  }
  made.state.metadata = {
      {"project_roots", std::move(roots)}, {"project_names", std::move(names)},
      {"repo_scope_id", blueprint.scope},  {"completed", std::move(completed)},
      {"slots", std::move(slots)},         {"startup_identity", identity_of(blueprint)},
      {"keeper_pid", ::getpid()}};
  made.readiness =
      artifacts::readiness_of(blueprint.contracts, blueprint.contracts_required,
                              std::move(made.readiness.errors), std::move(made.readiness.warnings));
  return made;
}

}  // namespace muster::environment
