#pragma once

#include <optional>
#include <span>

#include "base/json.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "config/key_spec.hpp"
#include "runtimes/sources.hpp"

namespace muster::runtimes {

/// The keys of muster.toml that are read here: `worker.capabilities.runtimes`,
/// `sensor.capabilities.runtimes`, `runtimes.database`.
std::span<const config::KeySpec> config_keys();

/// What stands at `worker.capabilities.runtimes` or `sensor.…`, for DetectOptions::configured;
/// nullopt when nothing does. Error `bad_claims` with the place in the file: what `detect` would
/// refuse, too.
Result<std::optional<Json>> configured_runtimes(const config::Config& config, Role role);

}  // namespace muster::runtimes
