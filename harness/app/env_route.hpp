#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.hpp"
#include "app/config_options.hpp"
#include "app/env_command.hpp"

namespace muster::app {

/// A command line of `muster env`, read: which command, on what, how. Options that a command
/// declares itself are found by their long name without dashes.
struct EnvRoute {
  const EnvCommand* command = nullptr;
  std::string mode;                ///< `main`, `trees`; empty: nothing was said
  std::vector<std::string> words;  ///< names or arguments, without mode tokens
  std::vector<std::string> services;
  std::vector<std::string> projects;
  bool all = false;
  bool json = false;
  std::string folder;  ///< `--repo`; empty: the current one
  std::string exit_class_file;
  ConfigOptions config;

  std::map<std::string, bool, std::less<>> flags;
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::int64_t, std::less<>> wholes;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;

  bool flag(std::string_view name) const;
  /// nullopt when it was not given, as for those below.
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::int64_t> whole(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
};

/// `muster env`: starts programs, keeps their truth, leaves artifacts.
Execute add_env_command(CLI::App& app, const std::string& program);

/// The arguments of the program as add_env_command wants them: a mode token before the command
/// (`env trees start`) becomes an option, a name that muster.toml declares as `[action.NAME]` the
/// argument of `action`. Words of other commands stay as they are.
std::vector<std::string> env_words(std::vector<std::string> words);

/// A usage error of `muster env` has been told: says its class on stderr and in the file that the
/// words name. Nothing for other commands.
void env_usage_failed(const std::vector<std::string>& words);

}  // namespace muster::app
