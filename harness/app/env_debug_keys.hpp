#pragma once

#include <span>

#include "config/key_spec.hpp"

namespace muster::app {

/// `[debug]` of muster.toml and the folder of the contracts, for the schema.
std::span<const config::KeySpec> env_debug_keys();

}  // namespace muster::app
