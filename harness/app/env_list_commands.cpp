// `muster env list-commands`.
#include <fmt/format.h>

#include "app/env_commands.hpp"
#include "app/env_session.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

Json described(const EnvCommand& command) {
  Json options = Json::array();
  for (const EnvOption& option : command.options) {
    const auto names = split(option.names, ',');
    options.push_back(names.back());
  }
  Json aliases = Json::array();
  if (!command.aliases.empty()) aliases = split(command.aliases, ',');
  return {{"name", command.name},   {"aliases", std::move(aliases)},
          {"about", command.about}, {"family", to_string(command.family)},
          {"json", command.json},   {"options", std::move(options)}};
}

EnvEnd list_commands(EnvSession& session) {
  if (session.route().json) {
    Json commands = Json::array();
    for (const EnvCommand* command : env_commands()) commands.push_back(described(*command));
    session.print(Json{{"commands", std::move(commands)}});
    return env_done();
  }
  for (const EnvCommand* command : env_commands()) {
    const std::string names =
        std::string(command->name) +
        (command->aliases.empty() ? "" : " [" + join(split(command->aliases, ','), ", ") + "]");
    session.print(
        fmt::format("{:<24} {:<11} {}\n", names, to_string(command->family), command->about));
  }
  return env_done();
}

}  // namespace

const EnvCommand kEnvListCommands{
    .name = "list-commands",
    .family = EnvFamily::inspection,
    .about = "Lists these commands with aliases and families",
    .example = "muster env list-commands --json",
    .run = list_commands,
};

}  // namespace muster::app
