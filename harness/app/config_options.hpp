#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/load.hpp"

namespace CLI {
class App;
}

namespace muster::app {

/// The options of a command that say where its configuration comes from.
struct ConfigOptions {
  std::string file;     ///< `--config`
  std::string profile;  ///< `--profile`
};

/// Declares `--config FILE` and `--profile NAME` on `command`.
void declare_config_options(CLI::App& command, ConfigOptions& options);

/// The configuration that holds in `folder` (the search for muster.toml begins there), with the
/// environment of this process and `command_line` above it. What is wrong with it is printed to
/// stderr, every problem, and then there is none; what is doubtful is printed, too.
std::optional<config::Config> load_config(const ConfigOptions& options,
                                          std::vector<config::Override> command_line = {},
                                          const std::string& folder = ".");

}  // namespace muster::app
