#pragma once

#include "config/key_spec.hpp"

namespace muster::app {

/// Every key that muster.toml may have: the tables of all folders that read one, put together.
const config::Schema& config_schema();

}  // namespace muster::app
