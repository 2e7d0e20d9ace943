#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace muster::app {

/// An option, or an argument without a name.
struct OptionInfo {
  std::vector<std::string> names;  ///< `-t`, `--tags`; none for a positional argument
  std::string label;               ///< a positional argument's name
  std::string type;                ///< what its value is, e.g. `TEXT`; empty for a flag
  std::string description;
  std::vector<std::string> choices;  ///< all values that it takes; empty when they are not listed
  bool takes_value = false;
  bool repeats = false;
  bool required = false;
};

/// A command as its declaration says: what help, completions and manual pages are made of.
struct CommandInfo {
  std::vector<std::string> path;  ///< `muster`, `profile`, `scripts`
  std::vector<std::string> aliases;
  std::string description;
  std::string footer;
  std::vector<OptionInfo> options;      ///< with names
  std::vector<OptionInfo> positionals;  ///< without
  std::vector<CommandInfo> commands;    ///< below it

  std::string name() const { return path.back(); }
  /// Its path with a separator, e.g. `muster profile scripts`.
  std::string joined(const std::string& separator = " ") const;
};

/// Describes `app` and all commands below it; `program` is what the first of the path is called.
CommandInfo command_tree(const CLI::App& app, const std::string& program);

/// Every command of the tree, each before those below it.
std::vector<const CommandInfo*> all_commands(const CommandInfo& root);

}  // namespace muster::app
