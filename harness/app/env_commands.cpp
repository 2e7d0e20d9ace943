#include "app/env_commands.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace muster::app {
namespace {

constexpr const EnvCommand* kCommands[] = {
    &kEnvStart,      &kEnvPlan,      &kEnvRestart,        &kEnvResume,       &kEnvStop,
    &kEnvStopAll,    &kEnvBlastAll,  &kEnvHealth,         &kEnvErrors,       &kEnvEndpoints,
    &kEnvLogs,       &kEnvClearLogs, &kEnvTest,           &kEnvMigrate,      &kEnvAction,
    &kEnvShowConfig, &kEnvShowState, &kEnvExplainStartup, &kEnvListCommands, &kEnvListTargets,
    &kEnvDoctor,     &kEnvDashboard, &kEnvConfig,         &kEnvDebugPack,    &kEnvDebugReport,
    &kEnvDebugLast,
};

}  // namespace

std::string_view to_string(EnvFamily family) {
  constexpr std::array<std::string_view, 6> kNames{"inspection", "startup", "state",
                                                   "project",    "cleanup", "debug"};
  return kNames.at(static_cast<std::size_t>(family));
}

std::span<const EnvCommand* const> env_commands() {
  return kCommands;
}

const EnvCommand* find_env_command(std::string_view word) {
  for (const EnvCommand* command : kCommands) {
    if (command->name == word) return command;
    const auto aliases = split(command->aliases, ',');
    if (!word.empty() && std::find(aliases.begin(), aliases.end(), word) != aliases.end())
      return command;
  }
  return nullptr;
}

}  // namespace muster::app
