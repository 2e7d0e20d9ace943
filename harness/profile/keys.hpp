#pragma once

#include <span>

#include "config/key_spec.hpp"

namespace muster::profile {

/// What muster.toml may say of a runtime profile: the section [profile].
std::span<const config::KeySpec> keys();

}  // namespace muster::profile
