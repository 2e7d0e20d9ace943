#pragma once

#include "artifacts/repository.hpp"

namespace muster::app {

/// Publishes a state that was read and brought up to date, with the ports and errors of its run as
/// they are. For states without a keeper: a keeper writes its own.
Result<void> save_state(artifacts::Repository& repository, artifacts::RunState state);

}  // namespace muster::app
