#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

#include "app/bearer_command.hpp"
#include "app/check_command.hpp"
#include "app/command.hpp"
#include "app/command_tree.hpp"
#include "app/completion_command.hpp"
#include "app/env_route.hpp"
#include "app/init_command.hpp"
#include "app/list_command.hpp"
#include "app/match_command.hpp"
#include "app/merge_command.hpp"
#include "app/parity_command.hpp"
#include "app/parse_command.hpp"
#include "app/plan_command.hpp"
#include "app/profile_command.hpp"
#include "app/replay_command.hpp"
#include "app/report_command.hpp"
#include "app/run_command.hpp"
#include "app/runtimes_command.hpp"
#include "app/show_config_command.hpp"
#include "app/steps_command.hpp"
#include "app/usage_error.hpp"
#include "app/verify_command.hpp"
#include "app/verify_log_command.hpp"
#include "app/version.hpp"
#include "app/watch_command.hpp"

namespace muster::app {
namespace {

/// Every command, in the order of --help.
constexpr AddCommand kCommands[] = {
    add_run_command,        add_watch_command,    add_plan_command,        add_merge_command,
    add_parse_command,      add_match_command,    add_list_command,        add_steps_command,
    add_check_command,      add_runtimes_command, add_show_config_command, add_profile_command,
    add_env_command,        add_init_command,     add_verify_command,      add_verify_log_command,
    add_report_command,     add_replay_command,   add_bearer_command,      add_parity_command,
    add_completion_command,
};

}  // namespace

int run_command_line(int argc, char** argv) {
  const std::string program =
      argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "muster";
  CLI::App app{"muster: a behaviour-driven test harness for systems made of processes", program};
  app.set_version_flag("--version", std::string("muster ") + kVersion);
  app.require_subcommand(1);
  app.footer(
      "Example: muster run features/lifecycle\nExit codes: 0 success, 1 failure, 2 interrupted.");

  std::vector<Execute> executions;
  for (const AddCommand add : kCommands) executions.push_back(add(app, program));

  const std::vector<std::string> words =
      env_words(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  try {
    // CLI11 takes them from the back
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::ParseError& failure) {
    std::cerr << usage_error(command_tree(app, program), words, failure.what());
    env_usage_failed(words);
    return 1;
  }
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (commands[i]->parsed()) return executions.at(i)();
  }
  return 1;
}

}  // namespace muster::app
