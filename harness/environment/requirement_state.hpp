#pragma once

#include <map>
#include <memory>
#include <string>

#include "artifacts/run_state.hpp"
#include "environment/unit.hpp"

namespace muster::environment {

/// What a requirement looks like to whoever keeps it: a service of its name, port and times, whose
/// command its runner fills in.
services::ServiceSpec as_service(const requirements::RequirementSpec& spec);

/// What the state says of the requirements of a project.
artifacts::Requirements requirements_of(const std::map<std::string, std::shared_ptr<Unit>>& units);

}  // namespace muster::environment
