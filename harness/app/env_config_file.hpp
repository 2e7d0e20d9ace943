#pragma once

#include <string>

#include "app/env_session.hpp"
#include "config/managed_block.hpp"
#include "config/managed_keys.hpp"

namespace muster::app {

/// The muster.toml that `muster env config` writes: that which holds in the folder, else the one
/// that will.
struct ConfigFile {
  std::string path;
  std::string text;  ///< empty: there is none yet
  config::ManagedFile parts;
  config::ManagedKeys keys;  ///< of its managed block
};

/// Error `managed_block_broken`, `config_file`, and those of TOML within the block.
Result<ConfigFile> read_config_file(EnvSession& session);

/// Writes `keys` into the block, everything else as it was: first the whole file is checked as it
/// will be. Errors: what would be wrong with it (the file is not touched then), those of writing.
/// `dry_run` only checks. Gives back what the file is or would be.
Result<std::string> write_config_file(const ConfigFile& file, const config::ManagedKeys& keys,
                                      bool dry_run);

}  // namespace muster::app
