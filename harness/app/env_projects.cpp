#include "app/env_projects.hpp"

#include <set>

#include "app/env_contracts.hpp"
#include "app/env_requirements.hpp"
#include "base/clock.hpp"
#include "environment/worktrees.hpp"
#include "journal/location.hpp"
#include "services/service_spec.hpp"

namespace muster::app {
namespace {

using environment::ProjectPlan;

/// The services of a tree, out of its own file, else out of the repository's with paths in the
/// tree.
Result<std::vector<services::ServiceSpec>> services_of_tree(EnvSession& session,
                                                            const std::string& tree) {
  const auto root = session.root();
  if (!root) return root.error();
  const auto config = load_config(session.route().config, {}, tree);
  if (!config) return error("config_invalid", "the muster.toml of " + tree + " is not valid");
  auto declared = declared_services(*config);
  if (!declared) return declared;
  if (declared->empty()) declared = session.services();
  if (!declared) return declared;
  for (services::ServiceSpec& spec : *declared) {
    if (spec.cwd == *root || spec.cwd.starts_with(*root + "/"))
      spec.cwd = tree + spec.cwd.substr(root->size());
  }
  return declared;
}

/// What the last state of the mode says of slots and ports.
struct Before {
  std::map<std::string, int> slots;
  std::map<std::string, std::map<std::string, artifacts::PortPlan>> ports;
};

Before before_of(EnvSession& session, const std::string& mode) {
  Before before;
  const auto repository = session.repository();
  if (!repository) return before;
  const auto state = (*repository)->latest(mode);
  if (!state || !*state || (*state)->legacy) return before;
  const Json& slots = (*state)->metadata.value("slots", Json::object());
  for (const auto& [name, slot] : slots.items())
    if (slot.is_number_integer()) before.slots[name] = slot.get<int>();
  const auto manifest = (*repository)->ports_of((*state)->run_id);
  if (!manifest) return before;
  for (const auto& project : manifest->projects) before.ports[project.project] = project.ports;
  return before;
}

/// Nothing drifts; but a service that asks for another port than last time gets that.
void keep_ports(ProjectPlan& project, const std::map<std::string, artifacts::PortPlan>& ports) {
  for (const services::ServiceSpec& spec : project.services) {
    const auto at = ports.find(spec.name);
    if (!spec.port || at == ports.end()) continue;
    const int requested = *spec.port == 0 ? 0 : *spec.port + project.port_offset;
    if (at->second.requested == requested)
      project.previous_ports[spec.name] = at->second.final_port;
  }
  for (const requirements::RequirementSpec& spec : project.requirements) {
    const auto at = ports.find(spec.id);
    const int requested = spec.port == 0 ? 0 : spec.port + project.port_offset;
    if (at != ports.end() && at->second.requested == requested)
      project.previous_ports[spec.id] = at->second.final_port;
  }
}

/// Each tree has the slot that it had, a new one the first that is free.
void give_slots(std::vector<ProjectPlan>& projects, const std::map<std::string, int>& before,
                int distance) {
  std::set<int> taken;
  for (const auto& [name, slot] : before) taken.insert(slot);
  for (ProjectPlan& project : projects) {
    const auto known = before.find(project.name);
    project.slot = known == before.end() ? 1 : known->second;
    if (known == before.end())
      while (!taken.insert(project.slot).second) ++project.slot;
    project.port_offset = project.slot * distance;
  }
}

Result<std::vector<ProjectPlan>> main_project(EnvSession& session, const std::string& root,
                                              const config::Config& settings) {
  auto declared = session.services();
  // requirements alone are worth a start
  if (!declared && declared.error().code == "not_configured" && settings.count("requirement") > 0)
    declared = std::vector<services::ServiceSpec>();
  if (!declared) return declared.error();
  ProjectPlan main;
  main.name = settings.get<std::string>("env.project").value_or_throw();
  main.root = root;
  main.services = std::move(*declared);
  auto needed = declared_requirements(settings, main.services);
  if (!needed) return needed.error();
  main.requirements = std::move(*needed);
  return std::vector{std::move(main)};
}

Result<std::vector<ProjectPlan>> tree_projects(EnvSession& session, const std::string& root,
                                               const config::Config& settings) {
  const auto trees = environment::worktrees(root);
  if (!trees) return trees.error();
  if (trees->empty())
    return error("no_trees", root + " has no worktrees", "git worktree add ../feature -b feature");
  std::vector<ProjectPlan> projects;
  for (const environment::Worktree& tree : *trees) {
    auto declared = services_of_tree(session, tree.root);
    if (!declared) return declared.error();
    ProjectPlan project;
    project.name = tree.name;
    project.root = tree.root;
    project.services = std::move(*declared);
    auto needed = declared_requirements(settings, project.services);
    if (!needed) return needed.error();
    project.requirements = std::move(*needed);
    projects.push_back(std::move(project));
  }
  return projects;
}

}  // namespace

Result<std::vector<ProjectPlan>> env_projects(EnvSession& session) {
  const auto mode = session.mode();
  if (!mode) return mode.error();
  const auto root = session.root();
  if (!root) return root.error();
  const auto settings = session.config();
  if (!settings) return settings.error();
  const Before before = before_of(session, *mode);
  auto projects = *mode == "main" ? main_project(session, *root, **settings)
                                  : tree_projects(session, *root, **settings);
  if (!projects) return projects;
  if (*mode != "main")
    give_slots(*projects, before.slots, (*settings)->get<int>("env.slot").value_or_throw());
  for (ProjectPlan& project : *projects) {
    if (const auto ports = before.ports.find(project.name); ports != before.ports.end())
      keep_ports(project, ports->second);
  }
  return projects;
}

Result<environment::Blueprint> env_blueprint(EnvSession& session,
                                             std::vector<ProjectPlan> projects) {
  environment::Blueprint blueprint;
  const auto settings = session.config();
  if (!settings) return settings.error();
  auto mode = session.mode();
  auto scope = session.scope();
  auto directory = session.runtime_directory();
  if (!mode) return mode.error();
  if (!scope) return scope.error();
  if (!directory) return directory.error();
  blueprint.run_id = journal::make_run_id(system_clock().wall());
  blueprint.mode = std::move(*mode);
  blueprint.scope = std::move(*scope);
  blueprint.runtime_directory = std::move(*directory);
  blueprint.projects = std::move(projects);
  blueprint.variables = config::process_environment();
  const ContractFolder contracts = contract_folder(session);
  blueprint.contracts = artifacts::read_contracts(contracts.path);
  blueprint.contracts_required = contracts.required;
  if (const auto mirror = (*settings)->find<std::string>("env.compat_root");
      mirror && *mirror && !(*mirror)->empty())
    blueprint.compat_root =
        (*mirror)->starts_with('/') ? **mirror : (*settings)->folder() + "/" + **mirror;
  return blueprint;
}

}  // namespace muster::app
