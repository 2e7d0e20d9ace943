#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "config/key_spec.hpp"
#include "config/value.hpp"

namespace muster::config {

/// What a managed block holds: single keys, and services as tables of TOML.
struct ManagedKeys {
  std::map<std::string, Value> values;  ///< `env.mode` → its value; keys without a wild part
  std::vector<Table> services;

  bool empty() const { return values.empty() && services.empty(); }
};

/// Reads the lines of a block. Errors: those of TOML, `managed_block_broken` for a table that is
/// none of the above.
Result<ManagedKeys> read_managed_keys(const Schema& schema, const std::string& name,
                                      std::string_view block);

/// The lines of a block: a section for each first part, then the services.
std::string write_managed_keys(const ManagedKeys& keys);

/// Sets `key` to what `text` means for it, as in a variable. Errors `config_key_unknown` (with the
/// nearest), `config_type`, `config_value`.
Result<void> set_managed_key(const Schema& schema, ManagedKeys& keys, const std::string& key,
                             std::string_view text);

}  // namespace muster::config
