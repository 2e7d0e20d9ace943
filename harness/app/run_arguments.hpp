#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/config_options.hpp"

namespace CLI {
class App;
}

namespace muster::app {

/// The command line of `muster run`: what it sets of the keys of `[run]`, and what stands on the
/// command line alone.
struct RunArguments {
  std::string program;  ///< this runner's name, for "run again"
  ConfigOptions config;
  std::string project;                                    ///< folder; empty: found from here
  std::string plan;                                       ///< file; empty: no shard of a plan
  std::string output_dir;                                 ///< for the attempt of a shard
  std::map<std::string, std::vector<std::string>> given;  ///< by key
  std::map<std::string, bool> flags;                      ///< by key

  /// What was given, as the strongest layer of the configuration.
  std::vector<config::Override> overrides(const CLI::App& command) const;
};

/// Declares an option for each key of `[run]`, and the few others; what is parsed is stored in
/// `arguments`. `wanted` says which keys, by the names of their options; none: all.
void declare_run_options(CLI::App& command, RunArguments& arguments,
                         bool (*wanted)(const std::string& option) = nullptr);

}  // namespace muster::app
