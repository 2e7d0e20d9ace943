// `muster env test`, `migrate`, `action`.
#include <iostream>

#include "app/env_action_plan.hpp"
#include "app/env_commands.hpp"
#include "app/env_session.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

constexpr EnvOption kActionOptions[] = {
    {"--project", EnvKind::list, "In this project (tree); may be repeated"},
    {"--all", EnvKind::flag, "In all projects, one after the other"},
};

EnvEnd act(EnvSession& session, const std::string& name,
           const std::vector<std::string>& arguments) {
  const auto plans = plan_action(session, name, arguments);
  if (!plans) {
    if (plans.error().code == "interrupted") return env_interrupted();
    return env_failed(plans.error());
  }
  Json results = Json::array();
  std::vector<std::string> failed;
  for (const ActionPlan& plan : *plans) {
    if (plans->size() > 1) std::cerr << printable(plan.project) << ":\n";
    const auto outcome = run_action(plan, session.route().json);
    if (!outcome && outcome.error().code == "interrupted") return env_interrupted();
    if (!outcome) return env_failed(outcome.error());
    results.push_back({{"project", plan.project},
                       {"argv", plan.argv},
                       {"cwd", plan.cwd},
                       {"found", plan.found},
                       {"success", outcome->success},
                       {"exit", outcome->exit},
                       {"took_ms", outcome->took_ms},
                       {"leaked", outcome->leaked},
                       {"log_path", outcome->log_path.empty() ? Json() : Json(outcome->log_path)}});
    if (!outcome->success) failed.push_back(plan.project + ": it " + outcome->exit);
    if (outcome->leaked > 0)
      std::cerr << "warning: " << outcome->leaked << " left-over processes were killed\n";
  }
  if (session.route().json)
    session.print({{"ok", failed.empty()}, {"action", name}, {"results", std::move(results)}});
  if (failed.empty()) return env_done();
  return env_failed(error("action_failed", name + " failed in " + join(failed, ", ")));
}

EnvEnd test(EnvSession& session) {
  return act(session, "test", session.route().words);
}
EnvEnd migrate(EnvSession& session) {
  return act(session, "migrate", session.route().words);
}

EnvEnd action(EnvSession& session) {
  std::vector<std::string> words = session.route().words;
  if (words.empty()) {
    const auto settings = session.config();
    if (!settings) return env_failed(settings.error());
    const auto names = (*settings)->names("action");
    return env_failed(error("usage", "which action?",
                            names.empty()
                                ? "none is declared; add action.NAME.command to muster.toml"
                                : "one of " + join(names, ", ")));
  }
  const std::string name = words.front();
  words.erase(words.begin());
  return act(session, name, words);
}

}  // namespace

const EnvCommand kEnvTest{
    .name = "test",
    .aliases = "t",
    .family = EnvFamily::project,
    .about = "Runs the tests of the project, with the environment's ports and URLs in theirs",
    .example = "muster env test -- -k checkout",
    .more = "[action.test] of muster.toml, else what the project's files stand for.",
    .words = EnvWords::arguments,
    .options = kActionOptions,
    .run = test,
};

const EnvCommand kEnvMigrate{
    .name = "migrate",
    .aliases = "m",
    .family = EnvFamily::project,
    .about = "Brings the databases of the project up to date",
    .example = "muster env migrate",
    .more = "[action.migrate] of muster.toml, else what the project's files stand for.",
    .words = EnvWords::arguments,
    .options = kActionOptions,
    .run = migrate,
};

const EnvCommand kEnvAction{
    .name = "action",
    .family = EnvFamily::project,
    .about = "Runs a command that muster.toml declares as [action.NAME]; also as muster env NAME",
    .example = "muster env action review",
    .more = "The first word is the action's name, the others go to its command.",
    .words = EnvWords::arguments,
    .options = kActionOptions,
    .run = action,
};

}  // namespace muster::app
