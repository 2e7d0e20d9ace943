#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster profile`: the checks of a runtime profile, one by one; each is a command below it.
Execute add_profile_command(CLI::App& app, const std::string& program);

/// `muster profile config FILE`: the resolved configuration.
Execute add_profile_config_command(CLI::App& app, const std::string& program);

/// `muster profile migrations DIR`: what dbmate, the application and the databases make of them.
Execute add_profile_migrations_command(CLI::App& app, const std::string& program);

/// `muster profile scripts PATH…`: whether they will run where they are deployed.
Execute add_profile_scripts_command(CLI::App& app, const std::string& program);

/// `muster profile imports MODULE…`: whether they import, and the whole chain of those that do not.
Execute add_profile_imports_command(CLI::App& app, const std::string& program);

/// `muster profile audit`: what could break a deployment and has no scenario.
Execute add_profile_audit_command(CLI::App& app, const std::string& program);

/// `muster profile mutate`: breaks copies of the project and plays the profile on each.
Execute add_profile_mutate_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
