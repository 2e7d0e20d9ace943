#include <fmt/format.h>

#include "app/completion.hpp"
#include "app/replaced.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

std::string shell_quoted(std::string_view text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::vector<std::string> names_below(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const auto& below : command.commands) names.push_back(below.name());
  return names;
}

/// True on a command line that stands at this command and at none below it.
std::string condition(const CommandInfo& command) {
  std::string test;
  for (std::size_t i = 1; i < command.path.size(); ++i) {
    test +=
        (i == 1 ? "" : "; and ") + fmt::format("__fish_seen_subcommand_from {}", command.path[i]);
  }
  if (command.commands.empty()) return shell_quoted(test);
  return shell_quoted(fmt::format("{}not __fish_seen_subcommand_from {}",
                                  test.empty() ? "" : test + "; and ",
                                  join(names_below(command), " ")));
}

std::string option_line(const std::string& head, const OptionInfo& option) {
  std::string line = head;
  for (const auto& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value) line += option.choices.empty() ? " -r -F" : " -x";
  if (!option.choices.empty()) line += " -a " + shell_quoted(join(option.choices, " "));
  return line + " -d " + shell_quoted(option.description) + "\n";
}

}  // namespace

std::string fish_completion(const CommandInfo& root) {
  const std::string program = root.name();
  std::string out =
      fmt::format("# fish completion of {0}, made by `{0} completion fish`\n", program);
  for (const CommandInfo* command : all_commands(root)) {
    const std::string head = fmt::format("complete -c {} -n {}", program, condition(*command));
    for (const auto& below : command->commands) {
      out +=
          fmt::format("{} -f -a {} -d {}\n", head, below.name(), shell_quoted(below.description));
    }
    for (const auto& option : command->options) out += option_line(head, option);
    for (const auto& argument : command->positionals) {
      if (argument.choices.empty()) continue;
      out += fmt::format("{} -f -a {}\n", head, shell_quoted(join(argument.choices, " ")));
    }
  }
  return out;
}

}  // namespace muster::app
