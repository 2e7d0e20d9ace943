// `muster env start`, `plan`, `restart`, `resume`.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "app/env_choice.hpp"
#include "app/env_commands.hpp"
#include "app/env_projects.hpp"
#include "app/env_run.hpp"
#include "app/env_session.hpp"
#include "artifacts/lock.hpp"
#include "environment/lifecycle.hpp"
#include "process/sweep.hpp"
#include "truth/reconcile.hpp"

namespace muster::app {
namespace {

using environment::Blueprint;
using environment::ProjectPlan;
using Kind = StartDecision::Kind;

constexpr EnvOption kStartOptions[] = {
    {"--keep-partial", EnvKind::flag,
     "Leaves up what is up although a critical service has failed (default: all is stopped)"},
};

constexpr std::chrono::minutes kStopWithin{5};

/// The plan of the route: of several trees those that are chosen; of one project the named services
/// and what they need.
Result<Blueprint> planned(EnvSession& session) {
  auto projects = env_projects(session);
  if (!projects) return projects.error();
  std::vector<EnvTarget> targets;
  const bool several = projects->size() > 1;
  for (const ProjectPlan& project : *projects) {
    if (several && session.route().services.empty()) {
      targets.push_back({project.name, "", project.name});
      continue;
    }
    for (const auto& spec : project.services)
      targets.push_back(
          {project.name, spec.name, environment::display_name(project.name, spec.name)});
  }
  auto chosen = several ? choose(session, targets) : choose_or_all(session, targets);
  if (!chosen) return chosen.error();
  if (*chosen != targets || several) {
    for (ProjectPlan& project : *projects) {
      for (const EnvTarget& target : *chosen)
        if (target.project == project.name && !target.service.empty())
          project.selected.push_back(target.service);
    }
    std::erase_if(*projects, [&](const ProjectPlan& project) {
      return std::none_of(chosen->begin(), chosen->end(),
                          [&](const EnvTarget& target) { return target.project == project.name; });
    });
  }
  auto blueprint = env_blueprint(session, std::move(*projects));
  if (blueprint) blueprint->keep_partial = session.route().flag("keep-partial");
  return blueprint;
}

std::vector<std::string> named_services(const Blueprint& blueprint) {
  std::vector<std::string> names;
  for (const ProjectPlan& project : blueprint.projects)
    for (const std::string& service : project.selected)
      names.push_back(environment::display_name(project.name, service));
  return names;
}

EnvEnd start(EnvSession& session) {
  auto blueprint = planned(session);
  if (!blueprint) {
    if (blueprint.error().code == "interrupted") return env_interrupted();
    return env_failed(blueprint.error());
  }
  const StartDecision decision = decide_start(session, *blueprint);
  switch (decision.kind) {
    case Kind::fresh:
      return start_run(session, *blueprint);
    case Kind::differs:
      return env_failed(
          error("environment_differs",
                "an environment of another configuration runs (" + decision.run_id + ")",
                "muster env restart --all starts it anew"));
    case Kind::other_mode:
      return env_failed(error("environment_differs",
                              "an environment of the other mode runs (" + decision.run_id + ")",
                              "muster env stop --all, then start again"));
    case Kind::running:
    case Kind::restore:
      break;
  }
  const auto names = named_services(*blueprint);
  if (decision.kind == Kind::restore || !names.empty())
    return start_in_keeper(session, names, false);
  print_started(session, {{"command", session.route().command->name}, {"started", Json::array()}});
  if (!session.route().json) std::cerr << "run " << decision.run_id << " is up already\n";
  return env_done();
}

EnvEnd plan(EnvSession& session) {
  session.assume_mode("trees");
  return start(session);
}

bool keeper_runs(EnvSession& session) {
  const auto repository = session.repository();
  if (!repository) return false;
  const auto holder = artifacts::Lock::holder((*repository)->locks(), "keeper");
  return holder && *holder;
}

/// Everything once more, from the configuration as it is now.
EnvEnd start_anew(EnvSession& session, const artifacts::RunState& state,
                  std::shared_ptr<environment::Between> held) {
  session.assume_mode(state.mode);
  auto projects = env_projects(session);
  if (!projects) return env_failed(projects.error());
  const Json names = state.metadata.value("project_names", Json::array());
  if (state.mode == "trees")
    std::erase_if(*projects, [&](const ProjectPlan& project) {
      return std::find(names.begin(), names.end(), Json(project.name)) == names.end();
    });
  if (projects->empty())
    return env_failed(error("no_trees", "the trees of run " + state.run_id + " are gone",
                            "muster env plan --all"));
  // what was not started then is not started now
  for (ProjectPlan& project : *projects) {
    std::vector<std::string> selected;
    for (const auto& spec : project.services)
      if (state.services.contains(environment::display_name(project.name, spec.name)))
        selected.push_back(spec.name);
    if (!selected.empty() && selected.size() < project.services.size())
      project.selected = std::move(selected);
  }
  auto blueprint = env_blueprint(session, std::move(*projects));
  if (!blueprint) return env_failed(blueprint.error());
  blueprint->between = std::move(held);
  return start_run(session, *blueprint);
}

EnvEnd restart(EnvSession& session) {
  if (!keeper_runs(session)) return start(session);
  const auto state = session.state();
  if (!state) return env_failed(state.error());
  const auto all = targets_of(*state);
  const auto chosen = choose(session, all);
  if (!chosen) {
    if (chosen.error().code == "interrupted") return env_interrupted();
    return env_failed(chosen.error());
  }
  if (chosen->size() < all.size()) {
    std::vector<std::string> names;
    for (const EnvTarget& target : *chosen) names.push_back(target.name);
    return start_in_keeper(session, names, true);
  }
  // prerequisites first: nothing is stopped that could not be started again
  session.assume_mode(state->mode);
  if (const auto projects = env_projects(session); !projects) return env_failed(projects.error());
  const auto repository = session.repository();
  if (!repository) return env_failed(repository.error());
  auto held = std::make_shared<environment::Between>();
  const auto stopped = environment::stop_environment(**repository, kStopWithin, {}, -1, held.get());
  if (!stopped && stopped.error().code != "no_keeper") return env_failed(stopped.error());
  return start_anew(session, *state, std::move(held));
}

/// The state that is to be resumed. A file that is named has to lie in the scope's own folder.
Result<artifacts::RunState> state_to_resume(EnvSession& session) {
  const auto file = session.route().text("file");
  if (!file) return session.state();
  const auto folder = session.scope_folder();
  if (!folder) return folder.error();
  std::error_code ignored;
  const auto path = std::filesystem::weakly_canonical(*file, ignored);
  const auto own = std::filesystem::weakly_canonical(*folder, ignored);
  const auto [end, rest] = std::mismatch(own.begin(), own.end(), path.begin(), path.end());
  if (end != own.end())
    return error(
        "state_foreign",
        path.string() + " lies outside of this repository's runtime directory " + own.string(),
        "muster env show-state --file only reads it");
  auto read = artifacts::read_state_file(path.string());
  if (!read) return read.error();
  return std::move(read->state);
}

/// What forbids to go on from a state.
Result<void> gates(const artifacts::RunState& state) {
  if (state.legacy)
    return error("state_legacy", "the state of run " + state.run_id + " is another tool's",
                 "muster env start");
  for (const auto& [name, service] : state.services)
    if (service.synthetic)
      return error("state_simulated", name + " is simulated: there is nothing to resume",
                   "muster env start");
  return {};
}

EnvEnd resume(EnvSession& session) {
  const auto state = state_to_resume(session);
  if (!state) return env_failed(state.error());
  if (const auto passed = gates(*state); !passed) return env_failed(passed.error());
  session.assume_mode(state->mode);
  if (keeper_runs(session)) return start_in_keeper(session, {}, false);
  // its keeper has gone: what might still carry its marks goes first
  process::sweep_run(state->run_id);
  return start_anew(session, *state, nullptr);
}

constexpr EnvOption kResumeOptions[] = {
    {"--file", EnvKind::text, "Goes on from this state (default: the latest of the mode)"},
};

}  // namespace

const EnvCommand kEnvStart{
    .name = "start",
    .family = EnvFamily::startup,
    .about = "Starts the services of the project and waits until they are ready",
    .example = "muster env start web db --json",
    .more = "Names start those services and what they need. What runs already is left alone.",
    .words = EnvWords::names,
    .options = kStartOptions,
    .run = start,
};

const EnvCommand kEnvPlan{
    .name = "plan",
    .family = EnvFamily::startup,
    .about = "Starts git worktrees side by side, each a project with its own ports",
    .example = "muster env plan feature-a feature-b",
    .more = "The same as start --mode trees.",
    .words = EnvWords::names,
    .options = kStartOptions,
    .run = plan,
};

const EnvCommand kEnvRestart{
    .name = "restart",
    .aliases = "r",
    .family = EnvFamily::startup,
    .about =
        "Stops services and starts them again on their ports; with --all from the "
        "configuration as it is now",
    .example = "muster env restart web",
    .words = EnvWords::names,
    .run = restart,
};

const EnvCommand kEnvResume{
    .name = "resume",
    .family = EnvFamily::startup,
    .about = "Goes on from the latest state: what lives stays, what is missing is started again",
    .example = "muster env resume --json",
    .options = kResumeOptions,
    .run = resume,
};

}  // namespace muster::app
