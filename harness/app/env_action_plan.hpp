#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/env_session.hpp"
#include "artifacts/run_state.hpp"

namespace muster::app {

/// A command of the project, about to be run in one of its projects.
struct ActionPlan {
  std::string name;
  std::string project;
  std::vector<std::string> argv;
  std::string cwd;
  std::map<std::string, std::string> variables;  ///< on top of those of this process
  std::string log_folder;                        ///< of the run; empty: none is there
  std::string found;  ///< why this command: `muster.toml`, `pyproject.toml`
};

/// Plans the action `name` with further `arguments` for each project that is chosen by `projects`
/// and `all`. `test` and `migrate` are found by what lies in the project when muster.toml says
/// nothing. Errors: `action_unknown` with the nearest, `not_configured` with the line to add,
/// `no_environment` when it needs one that does not run, those of choosing.
Result<std::vector<ActionPlan>> plan_action(EnvSession& session, const std::string& name,
                                            const std::vector<std::string>& arguments);

/// Runs an action to its end: its output goes to ours (to stderr when `quiet_stdout`) and into the
/// run's folder. How it ended; `interrupted` in the error when somebody interrupted it.
struct ActionOutcome {
  bool success = false;
  std::string exit;  ///< `exited 3`
  std::int64_t took_ms = 0;
  std::string log_path;  ///< empty: none
  std::size_t leaked = 0;
};
Result<ActionOutcome> run_action(const ActionPlan& plan, bool quiet_stdout);

}  // namespace muster::app
