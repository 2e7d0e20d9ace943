#include "app/manual.hpp"

#include <fmt/format.h>

#include "app/version.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

/// Text as roff takes it: no backslash, hyphen or control line by accident.
std::string roff(std::string_view text) {
  std::string out;
  bool at_line = true;
  for (const char c : text) {
    if (at_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    at_line = c == '\n';
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}
std::string slanted(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string synopsis(const CommandInfo& command) {
  std::string out = bold(command.joined());
  if (!command.options.empty()) out += " [" + slanted("OPTION") + "]...";
  if (!command.commands.empty()) out += " " + slanted("COMMAND");
  for (const auto& argument : command.positionals) {
    const std::string label = slanted(argument.label) + (argument.repeats ? "..." : "");
    out += argument.required ? " " + label : " [" + label + "]";
  }
  return out + "\n";
}

std::string option_text(const OptionInfo& option) {
  std::vector<std::string> names;
  for (const auto& name : option.names) names.push_back(bold(name));
  std::string head = names.empty() ? slanted(option.label) : join(names, ", ");
  if (!names.empty() && option.takes_value) head += " " + slanted(option.type);
  if (option.repeats) head += "...";
  std::string text = ".TP\n" + head + "\n" + roff(option.description) + "\n";
  if (!option.choices.empty()) {
    text += fmt::format(".br\nOne of: {}.\n", roff(join(option.choices, ", ")));
  }
  return text;
}

}  // namespace

std::string manual_file(const CommandInfo& command) {
  return command.joined("-") + ".1";
}

std::string manual_page(const CommandInfo& command, const CommandInfo& root) {
  std::string title = command.joined("-");
  for (char& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string out = fmt::format(".TH \"{}\" 1 \"\" \"{} {}\" \"User Commands\"\n", roff(title),
                                roff(root.name()), kVersion);
  out += fmt::format(".SH NAME\n{} \\- {}\n", roff(command.joined("-")), roff(command.description));
  out += ".SH SYNOPSIS\n" + synopsis(command);
  if (!command.positionals.empty()) out += ".SH ARGUMENTS\n";
  for (const auto& argument : command.positionals) out += option_text(argument);
  if (!command.commands.empty()) out += ".SH COMMANDS\n";
  for (const auto& below : command.commands) {
    out += fmt::format(".TP\n{}\n{}\n", bold(below.name()), roff(below.description));
  }
  if (!command.options.empty()) out += ".SH OPTIONS\n";
  for (const auto& option : command.options) out += option_text(option);
  if (!command.footer.empty()) out += ".SH NOTES\n.nf\n" + roff(command.footer) + "\n.fi\n";
  out += ".SH EXIT STATUS\n0 success, 1 failure (usage errors too), 2 interrupted.\n";
  if (command.path.size() > 1) {
    auto above = command.path;
    above.pop_back();
    out += ".SH SEE ALSO\n" + bold(join(above, "-")) + "(1)\n";
  }
  return out;
}

}  // namespace muster::app
