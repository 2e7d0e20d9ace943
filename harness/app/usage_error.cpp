#include "app/usage_error.hpp"

#include <algorithm>

#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

bool knows(const CommandInfo& command, const std::string& option) {
  return std::any_of(command.options.begin(), command.options.end(), [&](const auto& it) {
    return std::find(it.names.begin(), it.names.end(), option) != it.names.end();
  });
}

const CommandInfo* below(const CommandInfo& command, const std::string& name) {
  const auto found =
      std::find_if(command.commands.begin(), command.commands.end(), [&](const auto& it) {
        return it.name() == name ||
               std::find(it.aliases.begin(), it.aliases.end(), name) != it.aliases.end();
      });
  return found == command.commands.end() ? nullptr : &*found;
}

std::string near_command(const CommandInfo& command, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& it : command.commands) names.push_back(it.name());
  const auto near = nearest(word, names);
  return near ? "  hint: did you mean " + command.joined() + " " + *near + "?\n" : "";
}

std::string near_option(const CommandInfo& command, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) {
      if (name.starts_with("--")) names.push_back(name);
    }
  }
  const auto near = nearest(word, names);
  return near ? "  hint: did you mean " + *near + "?\n" : "";
}

}  // namespace

std::string usage_error(const CommandInfo& root, const std::vector<std::string>& words,
                        const std::string& why) {
  std::string text = root.name() + ": " + printable(why) + "\n";
  const CommandInfo* command = &root;
  bool lost = false;  // a word that should have been a command was none
  for (const auto& word : words) {
    if (word.starts_with("--")) {
      const std::string option = word.substr(0, word.find('='));
      if (option != "--" && !knows(*command, option)) text += near_option(*command, option);
    } else if (!lost && !command->commands.empty() && !word.starts_with('-')) {
      const CommandInfo* next = below(*command, word);
      lost = next == nullptr;
      if (lost) text += near_command(*command, word);
      if (!lost) command = next;
    }
  }
  return text + "  hint: " + command->joined() + " --help\n";
}

}  // namespace muster::app
