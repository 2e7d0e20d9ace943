#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hocon/hocon.hpp"
#include "preflight/check.hpp"
#include "profile/settings.hpp"

/// The configuration of a project as a deployment finds it: only the variables that every
/// deployment has are set, so that a value which a developer happens to export hides nothing.
namespace muster::profile {

/// What loading gave. `results`: the load itself, then a result for each lint that matters here.
/// Checks: `config-` and the code of the error or lint with dashes, `config-substitution`,
/// `config-unknown-environment`; `config` for a load that is well.
struct LoadedConfig {
  std::optional<hocon::Config> config;
  std::vector<preflight::CheckResult> results;
};

/// Loads `settings.config.file`. Blocks.
LoadedConfig load_config(const Settings& settings);

/// `FIELD > NUMBER`: `field` is a path of the configuration or a declared alias, never guessed.
/// Checks: `config-field` (no such field, or null), `config-number` (no number),
/// `config-value` (not greater).
preflight::CheckResult check_greater(const hocon::Config& config, const Settings& settings,
                                     const std::string& field, double number);

/// `field` (as in check_greater) has a value, of whatever kind. Check: `config-field`.
preflight::CheckResult check_set(const hocon::Config& config, const Settings& settings,
                                 const std::string& field);

}  // namespace muster::profile
