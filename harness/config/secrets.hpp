#pragma once

#include "config/config.hpp"

namespace muster::config {

/// Makes secrets of this process (base/secret_values.hpp) of all values of `config` that are: those
/// whose KeySpec or name says so, and passwords within URLs.
void keep_secrets_of(const Config& config);

}  // namespace muster::config
