#pragma once

#include <span>

#include "config/key_spec.hpp"

namespace muster::lineup {

/// What muster.toml may say of the programs that the lifecycle plays: the section [programs].
std::span<const config::KeySpec> keys();

}  // namespace muster::lineup
