#include "app/run_arguments.hpp"

#include <CLI/CLI.hpp>
#include <string_view>

#include "run/run_keys.hpp"

namespace muster::app {
namespace {

/// `fail-fast` of `run.fail-fast`.
std::string option_of(const config::KeySpec& spec) {
  return std::string(spec.key.substr(spec.key.find('.') + 1));
}

std::string_view short_of(std::string_view option) {
  if (option == "tags") return "-t,";
  if (option == "format") return "-f,";
  if (option == "jobs") return "-j,";
  return {};
}

}  // namespace

std::vector<config::Override> RunArguments::overrides(const CLI::App& command) const {
  std::vector<config::Override> made;
  for (const config::KeySpec& spec : run::kRunKeys) {
    const std::string key(spec.key);
    const std::string name = option_of(spec);
    const bool is_path = name == "paths";
    // a command may leave it out, and have another option of that name
    if (!given.contains(key) && !flags.contains(key)) continue;
    const CLI::Option* option = command.get_option(is_path ? name : "--" + name);
    if (option->count() == 0) continue;
    if (spec.kind == config::Kind::flag) {
      const bool on = flags.at(key);
      made.push_back({key, {on ? "true" : "false"}, (on ? "--" : "--no-") + name});
    } else {
      made.push_back({key, given.at(key), is_path ? "the command line" : "--" + name});
    }
  }
  return made;
}

void declare_run_options(CLI::App& command, RunArguments& arguments,
                         bool (*wanted)(const std::string& option)) {
  for (const config::KeySpec& spec : run::kRunKeys) {
    const std::string key(spec.key);
    const std::string name = option_of(spec);
    const std::string about(spec.about);
    if (wanted != nullptr && !wanted(name)) continue;
    if (name == "paths") {
      command.add_option(name, arguments.given[key], about);
    } else if (spec.kind == config::Kind::flag) {
      command.add_flag("--" + name + ",!--no-" + name, arguments.flags[key], about);
    } else {
      auto* option = command.add_option(std::string(short_of(name)) + "--" + name,
                                        arguments.given[key], about);
      option->allow_extra_args(false);
      if (spec.kind != config::Kind::list) {
        option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      }
    }
  }
  declare_config_options(command, arguments.config);
  command.add_option("--project", arguments.project,
                     "Folder of the project under test (default: that of the nearest muster.toml, "
                     "else of the repository)");
}

}  // namespace muster::app
