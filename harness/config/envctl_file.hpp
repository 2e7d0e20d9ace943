#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/managed_keys.hpp"

namespace muster::config {

inline constexpr const char* kEnvctlFile = ".envctl";

/// What became of a line of an `.envctl` file.
struct EnvctlLine {
  int line = 0;
  std::string name;  ///< its key, e.g. `ENVCTL_DEFAULT_MODE`
  std::string key;   ///< ours, e.g. `env.mode`; empty: there is none
  std::string note;  ///< why it is not taken, for people
};

/// An `.envctl` file, the configuration of the tool that muster env follows: `NAME=value` a line,
/// with or without quotes, `export` and comments.
struct EnvctlFile {
  ManagedKeys keys;               ///< what it says in our words
  std::vector<EnvctlLine> lines;  ///< what became of each setting, in the order of the file
  /// The same keys as TOML, each in the line that its setting has in the file, so that places in it
  /// are places in the file.
  std::string toml;
};

/// Reads one. Never fails: what is not understood is noted.
EnvctlFile read_envctl(const Schema& schema, std::string_view text);

}  // namespace muster::config
