#include "app/show_config_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/config_options.hpp"
#include "app/data_output.hpp"
#include "config/show.hpp"

namespace muster::app {
namespace {

struct ShowConfigArguments {
  ConfigOptions config;
  bool json = false;
};

int show_config_command(const ShowConfigArguments& arguments) {
  const auto config = load_config(arguments.config);
  if (!config) return 1;
  DataOutput out;
  out.pending() = arguments.json ? config::show_json(*config) : config::show_text(*config);
  if (const auto written = out.finish(); !written) {
    std::cerr << render(written.error());
    return 1;
  }
  return 0;
}

}  // namespace

Execute add_show_config_command(CLI::App& app, const std::string&) {
  auto arguments = std::make_shared<ShowConfigArguments>();
  auto* command = app.add_subcommand(
      "show-config", "Prints every key of the configuration, its value and where that comes from");
  declare_config_options(*command, arguments->config);
  command->add_flag("--json", arguments->json, "One JSON object on stdout");
  command->footer(
      "The stronger one wins: command line, environment (MUSTER_<SECTION>_<KEY>), "
      "[profiles.NAME],\nmuster.toml, default. Secrets are not printed.\n"
      "Example: muster show-config --profile ci --json");
  return [arguments] { return show_config_command(*arguments); };
}

}  // namespace muster::app
