#include "app/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "report/format.hpp"

namespace muster::app {
namespace {

/// Values of options that are checked where they are used and not by CLI11.
std::vector<std::string> known_values(const std::string& name) {
  if (name == "--format") return report::format_names();
  if (name == "--color") return {"auto", "always", "never"};
  if (name == "--show-progress") return {"auto", "block", "line", "none"};
  if (name == "--output") return {"immediate", "final", "never"};
  if (name == "--order") return {"defined", "reverse", "random"};
  return {};
}

/// CLI11 writes the values that it takes into the type: `TEXT:{text,json}`.
std::vector<std::string> listed_values(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> values;
  std::string value;
  for (std::size_t i = open + 1; i <= close; ++i) {
    if (type[i] == ',' || type[i] == '}') {
      values.emplace_back(trim(value));
      value.clear();
    } else {
      value += type[i];
    }
  }
  return values;
}

OptionInfo option_info(const CLI::Option& option) {
  OptionInfo info;
  for (const auto& name : option.get_snames()) info.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) info.names.push_back("--" + name);
  info.takes_value = option.get_items_expected_max() > 0;
  info.repeats = option.get_items_expected_max() > 1;
  info.required = option.get_required();
  info.description = option.get_description();
  if (info.names.empty()) info.label = option.get_name(true);
  if (!info.takes_value) return info;
  const std::string type = option.get_type_name();
  info.type = type.substr(0, type.find(':'));
  info.choices = listed_values(type);
  if (info.choices.empty() && !info.names.empty()) info.choices = known_values(info.names.back());
  return info;
}

CommandInfo describe(const CLI::App& app, std::vector<std::string> path) {
  CommandInfo info;
  info.path = std::move(path);
  info.aliases = app.get_aliases();
  info.description = app.get_description();
  info.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    OptionInfo made = option_info(*option);
    (made.names.empty() ? info.positionals : info.options).push_back(std::move(made));
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (below->get_name().empty()) continue;
    auto inner = info.path;
    inner.push_back(below->get_name());
    info.commands.push_back(describe(*below, std::move(inner)));
  }
  return info;
}

void collect(const CommandInfo& command, std::vector<const CommandInfo*>& out) {
  out.push_back(&command);
  for (const auto& below : command.commands) collect(below, out);
}

}  // namespace

std::string CommandInfo::joined(const std::string& separator) const {
  return join(path, separator);
}

CommandInfo command_tree(const CLI::App& app, const std::string& program) {
  return describe(app, {program});
}

std::vector<const CommandInfo*> all_commands(const CommandInfo& root) {
  std::vector<const CommandInfo*> out;
  collect(root, out);
  return out;
}

}  // namespace muster::app
