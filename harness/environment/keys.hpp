#pragma once

#include <span>

#include "config/key_spec.hpp"

namespace muster::environment {

/// `[env]` and `[action.*]` of muster.toml, for the schema.
std::span<const config::KeySpec> keys();

}  // namespace muster::environment
