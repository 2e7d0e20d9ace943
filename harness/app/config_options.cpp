#include "app/config_options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/config_schema.hpp"
#include "base/secret_values.hpp"
#include "config/secrets.hpp"
#include "process/backends.hpp"

namespace muster::app {

void declare_config_options(CLI::App& command, ConfigOptions& options) {
  command.add_option("--config", options.file,
                     "Configuration (default: MUSTER_CONFIG, else the nearest muster.toml up to "
                     "the root of the repository)");
  command.add_option("--profile", options.profile,
                     "Section [profiles.NAME] of the configuration that is laid over the rest");
}

std::optional<config::Config> load_config(const ConfigOptions& options,
                                          std::vector<config::Override> command_line,
                                          const std::string& folder) {
  config::Request request;
  if (!options.file.empty()) request.file = options.file;
  if (!options.profile.empty()) request.profile = options.profile;
  request.folder = folder;
  request.environment = config::process_environment();
  request.command_line = std::move(command_line);
  auto loaded = config::load(config_schema(), request);
  if (auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) {
    for (const auto& problem : *problems) std::cerr << render(problem);
    return std::nullopt;
  }
  auto& config = std::get<config::Config>(loaded);
  for (auto warning : config.warnings()) {
    std::cerr << "warning: " << warning.message << '\n';
    if (!warning.hint.empty()) std::cerr << "  hint: " << warning.hint << '\n';
  }
  // whatever is written down from here on hides them
  std::vector<std::string> variables;
  for (const auto& [name, value] : request.environment) variables.push_back(name + "=" + value);
  keep_secrets_of(variables);
  config::keep_secrets_of(config);
  // before any program is started, whatever command it is for
  if (const auto forced =
          process::force_backend(config.get<std::string>("process.backend").value_or_throw());
      !forced) {
    std::cerr << render(config.error_at("process.backend", forced.error().code,
                                        forced.error().message, forced.error().hint));
    return std::nullopt;
  }
  return std::move(config);
}

}  // namespace muster::app
