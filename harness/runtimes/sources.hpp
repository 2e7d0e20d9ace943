#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::runtimes {

/// Whom the runtimes are for: a worker that runs actions, or one that runs sensors.
enum class Role { action, sensor };

/// `action`, `sensor`: what the table `worker` holds.
std::string to_string(Role role);

/// Where the list of runtimes comes from, the first that says anything.
enum class Source { environment, configuration, database };

/// `env`, `config`, `database`: what the table `runtime_check` holds.
std::string to_string(Source source);

/// A list that somebody wrote.
struct Claims {
  Source source = Source::environment;
  std::string origin;              ///< the variable, or the configuration key
  std::vector<std::string> names;  ///< as written, without blanks around; empty: none, and said so
};

/// Looks up an environment variable; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
Environment process_environment();

/// What the environment claims for `role`: a comma list in MUSTER_WORKER_RUNTIMES or
/// MUSTER_SENSOR_RUNTIMES, else in ATTUNE_…; `none` alone claims that there is none. nullopt when
/// none of them is set. Error `bad_claims`: set but empty, an empty entry, `none` among others.
Result<std::optional<Claims>> claims_of_environment(Role role, const Environment& environment);

/// What the configuration claims: `value` is what stands at `worker.capabilities.runtimes` (or
/// `sensor.…`), nullopt when nothing does. An empty list claims that there is none. Error
/// `bad_claims`: no list, or an entry that is no text or empty.
Result<std::optional<Claims>> claims_of_configuration(Role role, const std::optional<Json>& value);

}  // namespace muster::runtimes
