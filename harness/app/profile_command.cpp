#include "app/profile_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>
#include <vector>

namespace muster::app {
namespace {

/// In the order of --help.
constexpr AddCommand kParts[] = {
    add_profile_imports_command, add_profile_config_command, add_profile_migrations_command,
    add_profile_scripts_command, add_profile_audit_command,  add_profile_mutate_command,
};

}  // namespace

Execute add_profile_command(CLI::App& app, const std::string& program) {
  auto* command = app.add_subcommand("profile", "Checks a deployment without starting it");
  command->require_subcommand(1);
  command->footer("Example: muster profile scripts scripts/start.sh");
  std::vector<std::pair<CLI::App*, Execute>> parts;
  for (const AddCommand add : kParts) {
    Execute execute = add(*command, program);
    // the one it added is the last
    parts.emplace_back(command->get_subcommands([](CLI::App*) { return true; }).back(),
                       std::move(execute));
  }
  return [parts] {
    for (const auto& [part, execute] : parts) {
      if (part->parsed()) return execute();
    }
    return 1;
  };
}

}  // namespace muster::app
