#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

#include "app/check_command.hpp"
#include "app/command.hpp"
#include "app/list_command.hpp"
#include "app/match_command.hpp"
#include "app/parse_command.hpp"
#include "app/profile_command.hpp"
#include "app/run_command.hpp"
#include "app/runtimes_command.hpp"
#include "app/show_config_command.hpp"
#include "app/steps_command.hpp"
#include "app/version.hpp"
#include "base/diff.hpp"

namespace muster::app {
namespace {

/// Every command, in the order of --help.
constexpr AddCommand kCommands[] = {
    add_run_command,      add_parse_command,       add_match_command,
    add_list_command,     add_steps_command,       add_check_command,
    add_runtimes_command, add_show_config_command, add_profile_command,
};

/// The words on stderr for a command line that CLI11 refuses, with the nearest known word.
int refuse(const CLI::App& app, const CLI::ParseError& failure, int argc, char** argv) {
  std::cerr << "muster: " << failure.what() << '\n';
  std::vector<std::string> commands;
  const CLI::App* command = nullptr;
  for (const auto* known : app.get_subcommands({})) {
    commands.push_back(known->get_name());
    if (argc > 1 && known->get_name() == argv[1]) command = known;
  }
  if (command == nullptr) {
    if (const auto near = nearest(argc > 1 ? argv[1] : "", commands)) {
      std::cerr << "  hint: did you mean muster " << *near << "?\n";
    }
    std::cerr << "  hint: muster --help\n";
    return 1;
  }
  std::vector<std::string> options;
  for (const auto* option : command->get_options()) {
    for (const auto& name : option->get_lnames()) options.push_back("--" + name);
  }
  for (int i = 2; i < argc; ++i) {
    const std::string_view word(argv[i]);
    const std::string given(word.substr(0, word.find('=')));
    if (!given.starts_with("--") ||
        std::find(options.begin(), options.end(), given) != options.end()) {
      continue;
    }
    if (const auto near = nearest(given, options))
      std::cerr << "  hint: did you mean " << *near << "?\n";
  }
  std::cerr << "  hint: muster " << command->get_name() << " --help\n";
  return 1;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{"muster: a behaviour-driven test harness for systems made of processes", "muster"};
  app.set_version_flag("--version", std::string("muster ") + kVersion);
  app.require_subcommand(1);
  app.footer(
      "Example: muster run features/lifecycle\nExit codes: 0 success, 1 failure, 2 interrupted.");

  const std::string program =
      argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "muster";
  std::vector<Execute> executions;
  for (const AddCommand add : kCommands) executions.push_back(add(app, program));

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::ParseError& failure) {
    return refuse(app, failure, argc, argv);
  }
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (commands[i]->parsed()) return executions.at(i)();
  }
  return 1;
}

}  // namespace muster::app
