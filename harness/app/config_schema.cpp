#include "app/config_schema.hpp"

#include "app/env_debug_keys.hpp"
#include "environment/keys.hpp"
#include "lineup/keys.hpp"
#include "profile/keys.hpp"
#include "requirements/requirement_spec.hpp"
#include "run/run_keys.hpp"
#include "runtimes/config_keys.hpp"
#include "services/service_spec.hpp"

namespace muster::app {

// A folder that reads keys offers a table of them and is named here; nothing else is to be done.
const config::Schema& config_schema() {
  static const config::Schema schema{
      run::kRunKeys,    profile::keys(),      runtimes::config_keys(), environment::keys(),
      services::keys(), requirements::keys(), env_debug_keys(),        lineup::keys(),
  };
  return schema;
}

}  // namespace muster::app
