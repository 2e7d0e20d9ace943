#pragma once

#include <string>
#include <vector>

#include "app/env_session.hpp"
#include "environment/blueprint.hpp"

namespace muster::app {

/// The projects that the route's mode is about, each with all its services: the repository, or its
/// worktrees, whose own muster.toml counts where they have one. Slots and ports are those of the
/// last run, new trees get the next free slot. Errors: `not_configured`, `no_trees`, and those of
/// reading.
Result<std::vector<environment::ProjectPlan>> env_projects(EnvSession& session);

/// The environment that the route's mode is about, ready to start, with a new run id.
Result<environment::Blueprint> env_blueprint(EnvSession& session,
                                             std::vector<environment::ProjectPlan> projects);

}  // namespace muster::app
