#pragma once

#include <span>
#include <string_view>

#include "app/env_command.hpp"

namespace muster::app {

/// Every command of `muster env`, in the order of --help.
std::span<const EnvCommand* const> env_commands();

/// By name or alias; null when there is none.
const EnvCommand* find_env_command(std::string_view word);

extern const EnvCommand kEnvStart;
extern const EnvCommand kEnvPlan;
extern const EnvCommand kEnvRestart;
extern const EnvCommand kEnvResume;
extern const EnvCommand kEnvStop;
extern const EnvCommand kEnvStopAll;
extern const EnvCommand kEnvBlastAll;
extern const EnvCommand kEnvHealth;
extern const EnvCommand kEnvErrors;
extern const EnvCommand kEnvEndpoints;
extern const EnvCommand kEnvLogs;
extern const EnvCommand kEnvClearLogs;
extern const EnvCommand kEnvTest;
extern const EnvCommand kEnvMigrate;
extern const EnvCommand kEnvAction;
extern const EnvCommand kEnvShowConfig;
extern const EnvCommand kEnvShowState;
extern const EnvCommand kEnvExplainStartup;
extern const EnvCommand kEnvListCommands;
extern const EnvCommand kEnvListTargets;
extern const EnvCommand kEnvDoctor;
extern const EnvCommand kEnvDashboard;
extern const EnvCommand kEnvConfig;
extern const EnvCommand kEnvDebugPack;
extern const EnvCommand kEnvDebugReport;
extern const EnvCommand kEnvDebugLast;

}  // namespace muster::app
