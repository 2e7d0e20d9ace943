#include <fmt/format.h>

#include "app/completion.hpp"
#include "app/replaced.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

/// Text within '…' and, with brackets and colons made plain, within a specification of _arguments.
std::string shell_quoted(std::string_view text) {
  return replaced(text, "'", "'\\''");
}
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return shell_quoted(out);
}

std::string function_of(const CommandInfo& command) {
  return "_" + replaced(command.joined("_"), "-", "_");
}

std::string value_of(const OptionInfo& option) {
  if (!option.takes_value) return {};
  const std::string label = plain(option.label.empty() ? option.type : option.label);
  if (option.choices.empty()) return ":" + label + ":_files";
  return ":" + label + ":(" + shell_quoted(join(option.choices, " ")) + ")";
}

std::string option_line(const OptionInfo& option) {
  std::string line;
  for (const auto& name : option.names) {
    // once given it is not offered again, under none of its names, unless it may be repeated
    const std::string exclusive = option.repeats ? "*" : "(" + join(option.names, " ") + ")";
    const std::string equals = option.takes_value && name.starts_with("--") ? "=" : "";
    line += fmt::format("    '{}{}{}[{}]{}' \\\n", exclusive, name, equals,
                        plain(option.description), value_of(option));
  }
  return line;
}

}  // namespace

std::string zsh_completion(const CommandInfo& root) {
  std::string out = fmt::format(
      "#compdef {0}\n# zsh completion of {0}, made by `{0} completion zsh`\n", root.name());
  for (const CommandInfo* command : all_commands(root)) {
    out += fmt::format(
        "\n{}() {{\n  local curcontext=\"$curcontext\" state line\n  _arguments -C \\\n",
        function_of(*command));
    for (const auto& option : command->options) out += option_line(option);
    if (!command->commands.empty()) {
      out += "    '1:command:->command' '*::argument:->argument' && return 0\n";
      out += "  case $state in\n    command)\n      local -a commands=(\n";
      for (const auto& below : command->commands) {
        out += fmt::format("        '{}:{}'\n", below.name(),
                           shell_quoted(replaced(below.description, ":", "\\:")));
      }
      out += "      )\n      _describe command commands\n      ;;\n    argument)\n";
      out += "      case $words[1] in\n";
      for (const auto& below : command->commands) {
        out += fmt::format("        {}) {} ;;\n", below.name(), function_of(below));
      }
      out += "      esac\n      ;;\n  esac\n}\n";
    } else {
      for (const auto& argument : command->positionals) {
        out += fmt::format("    '{}{}' \\\n", argument.repeats ? "*" : "", value_of(argument));
      }
      out += "    && return 0\n}\n";
    }
  }
  // autoloaded, or sourced
  out += fmt::format(
      "\nif [ \"$funcstack[1]\" = \"{0}\" ]; then\n  {0} \"$@\"\nelse\n  compdef {0} {1}\nfi\n",
      function_of(root), root.name());
  return out;
}

}  // namespace muster::app
