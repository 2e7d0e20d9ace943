#pragma once

#include <vector>

#include "app/env_session.hpp"
#include "requirements/requirement_spec.hpp"

namespace muster::app {

/// The requirements of a configuration, maybe none; what is wrong is printed. `services`: those
/// beside them, whose names they do not share. Error `config_invalid`.
Result<std::vector<requirements::RequirementSpec>> declared_requirements(
    const config::Config& config, const std::vector<services::ServiceSpec>& services);

/// What the requirements of `project` give to its programs, asked of the keeper that runs: it knows
/// their passwords. Empty when none answers.
std::map<std::string, std::string> requirement_variables(EnvSession& session,
                                                         const std::string& project);

}  // namespace muster::app
