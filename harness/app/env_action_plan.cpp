#include "app/env_action_plan.hpp"

#include <algorithm>
#include <filesystem>

#include "app/env_choice.hpp"
#include "app/env_projects.hpp"
#include "app/env_requirements.hpp"
#include "artifacts/lock.hpp"
#include "artifacts/runtime_map.hpp"
#include "base/diff.hpp"
#include "config/value.hpp"
#include "truth/reconcile.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;

/// A command that a file of the project stands for.
struct Known {
  const char* action;
  const char* mark;
  std::vector<std::string> argv;
};

const std::vector<Known>& known_commands() {
  static const std::vector<Known> kKnown{
      {"test", "Cargo.toml", {"cargo", "test"}},
      {"test", "go.mod", {"go", "test", "./..."}},
      {"test", "pytest.ini", {"python3", "-m", "pytest"}},
      {"test", "pyproject.toml", {"python3", "-m", "pytest"}},
      {"test", "package.json", {"npm", "test"}},
      {"migrate", "alembic.ini", {"alembic", "upgrade", "head"}},
      {"migrate", "manage.py", {"python3", "manage.py", "migrate"}},
      {"migrate", "db/migrations", {"dbmate", "up"}},
      {"migrate", "prisma/schema.prisma", {"npx", "prisma", "migrate", "deploy"}},
  };
  return kKnown;
}

struct Declared {
  std::vector<std::string> argv;
  std::string cwd;
  std::string found;
  bool needs_environment = false;
};

Result<Declared> configured(const config::Config& settings, const std::string& name) {
  const std::string at = "action." + config::key_part(name) + ".";
  Declared declared;
  declared.found = "muster.toml";
  declared.cwd = settings.find<std::string>(at + "cwd").value_or_throw().value_or("");
  declared.needs_environment =
      settings.get<std::string>(at + "environment").value_or_throw() == "required";
  const config::Value* command = settings.value(at + "command");
  if (command != nullptr) {
    if (const auto* line = std::get_if<std::string>(&command->data)) {
      // further words become "$@" of the line
      if (!line->empty()) declared.argv = {"/bin/sh", "-c", *line + " \"$@\"", name};
    } else if (const auto* array = command->array()) {
      for (const config::Value& element : *array)
        if (const auto* word = std::get_if<std::string>(&element.data))
          declared.argv.push_back(*word);
    }
  }
  if (declared.argv.empty() || declared.argv.front().empty())
    return settings.error_at(at + "command", "action_command", "an action needs a command",
                             "command = [\"program\", \"argument\"] or command = \"shell line\"");
  return declared;
}

Result<Declared> built_in(const std::string& name, const std::string& root) {
  std::error_code ignored;
  for (const Known& known : known_commands()) {
    if (known.action != name || !fs::exists(fs::path(root) / known.mark, ignored)) continue;
    return Declared{known.argv, "", known.mark, true};
  }
  return error("not_configured", "nothing in " + root + " says how to " + name + " it",
               "add to muster.toml:  action." + name + ".command = [\"make\", \"" + name + "\"]");
}

Result<Declared> declared_action(const config::Config& settings, const std::string& name,
                                 const std::string& root) {
  std::vector<std::string> names = settings.names("action");
  if (std::find(names.begin(), names.end(), config::key_part(name)) != names.end())
    return configured(settings, name);
  if (name == "test" || name == "migrate") return built_in(name, root);
  names.insert(names.end(), {"test", "migrate"});
  const auto near = nearest(name, names);
  return error("action_unknown", "no action " + name + " is declared",
               near ? "did you mean " + *near + "?"
                    : "add to muster.toml:  action." + config::key_part(name) + ".command = \"…\"");
}

/// Name and folder of each project that the state, else the configuration, knows.
Result<std::map<std::string, std::string>> project_roots(
    EnvSession& session, const std::optional<artifacts::RunState>& state) {
  std::map<std::string, std::string> roots;
  if (state) {
    const Json known = state->metadata.value("project_roots", Json::object());
    for (const auto& [name, root] : known.items())
      if (root.is_string()) roots[name] = root.get<std::string>();
  }
  if (!roots.empty()) return roots;
  const auto projects = env_projects(session);
  if (projects) {
    for (const auto& project : *projects) roots[project.name] = project.root;
    return roots;
  }
  // an action needs no services
  if (projects.error().code != "not_configured") return projects.error();
  const auto root = session.root();
  if (!root) return root.error();
  const auto settings = session.config();
  if (!settings) return settings.error();
  roots[(*settings)->get<std::string>("env.project").value_or_throw()] = *root;
  return roots;
}

/// The state of an environment that runs; nullopt: none does.
std::optional<artifacts::RunState> running_state(EnvSession& session) {
  const auto repository = session.repository();
  if (!repository) return std::nullopt;
  const auto holder = artifacts::Lock::holder((*repository)->locks(), "keeper");
  if (!holder || !*holder) return std::nullopt;
  auto state = session.state();
  if (!state) return std::nullopt;
  (void)truth::reconcile(*state);
  return std::move(*state);
}

}  // namespace

Result<std::vector<ActionPlan>> plan_action(EnvSession& session, const std::string& name,
                                            const std::vector<std::string>& arguments) {
  const auto settings = session.config();
  if (!settings) return settings.error();
  const auto state = running_state(session);
  const auto roots = project_roots(session, state);
  if (!roots) return roots.error();
  std::vector<EnvTarget> targets;
  for (const auto& [project, root] : *roots) targets.push_back({project, "", project});
  const auto chosen = choose(
      EnvWish{{}, {}, session.route().list("project"), session.route().flag("all")}, targets);
  if (!chosen) return chosen.error();
  std::vector<ActionPlan> plans;
  for (const EnvTarget& target : *chosen) {
    const std::string& root = roots->at(target.project);
    const auto declared = declared_action(**settings, name, root);
    if (!declared) return declared.error();
    if (declared->needs_environment && !state && (*settings)->count("service") > 0)
      return error("no_environment", name + " needs an environment that runs", "muster env start");
    ActionPlan plan{name, target.project, declared->argv, root, {}, "", declared->found};
    if (!declared->cwd.empty())
      plan.cwd = (fs::path(root) / declared->cwd).lexically_normal().string();
    plan.argv.insert(plan.argv.end(), arguments.begin(), arguments.end());
    plan.variables = {{"MUSTER_PROJECT", target.project}, {"MUSTER_PROJECT_ROOT", root}};
    if (state) {
      for (auto& [key, value] : artifacts::projected_environment(*state, target.project))
        plan.variables[key] = value;
      for (auto& [key, value] : requirement_variables(session, target.project))
        plan.variables[key] = value;
      plan.variables["MUSTER_ENVIRONMENT"] = state->run_id;
      const auto repository = session.repository();
      if (repository) plan.log_folder = (*repository)->run_path(state->run_id);
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace muster::app
