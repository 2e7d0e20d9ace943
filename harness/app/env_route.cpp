#include "app/env_route.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "app/env_commands.hpp"
#include "app/env_dispatch.hpp"
#include "app/project_folder.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

template <class Map>
auto found(const Map& map, std::string_view name) -> std::optional<typename Map::mapped_type> {
  const auto at = map.find(name);
  if (at == map.end()) return std::nullopt;
  return at->second;
}

/// `lines` of `-n,--lines`.
std::string long_name(std::string_view names) {
  std::string name = split(names, ',').back();
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

/// The mode that a word stands for; empty when it is none.
std::string mode_of(std::string_view word) {
  if (word == "main") return "main";
  if (word == "trees" || word == "tree") return "trees";
  return {};
}

void declare_option(CLI::App& app, const EnvOption& option, EnvRoute& route) {
  const std::string names(option.names);
  const std::string key = long_name(option.names);
  const std::string about(option.about);
  if (option.kind == EnvKind::flag) {
    app.add_flag_callback(
        names, [&route, key] { route.flags[key] = true; }, about);
    return;
  }
  CLI::Option* made = nullptr;
  if (option.kind == EnvKind::list)
    made = app.add_option_function<std::vector<std::string>>(
        names, [&route, key](const std::vector<std::string>& given) { route.lists[key] = given; },
        about);
  else if (option.kind == EnvKind::whole)
    made = app.add_option_function<std::int64_t>(
                  names, [&route, key](const std::int64_t& given) { route.wholes[key] = given; },
                  about)
               ->check(CLI::NonNegativeNumber);
  else
    made = app.add_option_function<std::string>(
        names, [&route, key](const std::string& given) { route.texts[key] = given; }, about);
  made->allow_extra_args(false);
  if (!option.choices.empty()) made->check(CLI::IsMember(split(option.choices, '|')));
}

void declare_mode(CLI::App& app, std::string& mode) {
  app.add_option("--mode", mode,
                 "main (the repository) or trees (its worktrees); also as a word or "
                 "MUSTER_DEFAULT_MODE")
      ->check(CLI::IsMember({"main", "trees"}));
  app.add_flag_callback(
      "--main", [&mode] { mode = "main"; }, "As --mode main");
  app.add_flag_callback(
      "--trees,--tree", [&mode] { mode = "trees"; }, "As --mode trees");
}

void declare(CLI::App& app, EnvRoute& route) {
  const EnvCommand& command = *route.command;
  if (command.words == EnvWords::names) {
    app.add_option("names", route.words, "Projects and services, as list-targets names them");
    app.add_option("--service", route.services, "A service, of every project; may be repeated")
        ->allow_extra_args(false);
    app.add_option("--project", route.projects, "A project (tree); may be repeated")
        ->allow_extra_args(false);
    app.add_flag("--all", route.all, "All that could be meant");
  } else if (command.words == EnvWords::arguments) {
    app.add_option("arguments", route.words, "What it works on");
  }
  for (const EnvOption& option : command.options) declare_option(app, option, route);
  if (command.json) app.add_flag("--json", route.json, "One JSON document on stdout");
  declare_mode(app, route.mode);
  app.add_option("--repo", route.folder,
                 "A folder of the repository (default: the current folder)");
  app.add_option("--exit-class-file", route.exit_class_file,
                 "Writes the class of the failure there, or success");
  declare_config_options(app, route.config);
  app.footer((command.more.empty() ? std::string() : std::string(command.more) + "\n") +
             "Example: " + std::string(command.example));
}

/// Mode tokens among the names are no names.
void take_mode_tokens(EnvRoute& route, const std::string& before) {
  if (route.mode.empty()) route.mode = before;
  if (route.command->words != EnvWords::names) return;
  std::erase_if(route.words, [&route](const std::string& word) {
    const std::string mode = mode_of(word);
    if (!mode.empty()) route.mode = mode;
    return !mode.empty();
  });
}

struct Part {
  CLI::App* app = nullptr;
  std::shared_ptr<EnvRoute> route;
};

bool takes_value(const std::string& word) {
  static const std::vector<std::string> kValued{"--mode", "--repo", "--config", "--profile",
                                                "--exit-class-file"};
  return std::find(kValued.begin(), kValued.end(), word) != kValued.end();
}

/// The value of `option` among the words; empty when it is not there.
std::string value_among(const std::vector<std::string>& words, const std::string& option) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == option && i + 1 < words.size()) return words[i + 1];
    if (words[i].starts_with(option + "=")) return words[i].substr(option.size() + 1);
  }
  return {};
}

/// An action of that name is declared in the muster.toml that the words are about.
bool is_action(const std::vector<std::string>& words, const std::string& name) {
  const auto folder = project_folder(
      "", value_among(words, "--repo").empty() ? std::string(".") : value_among(words, "--repo"));
  if (!folder) return false;
  const auto config =
      load_config({value_among(words, "--config"), value_among(words, "--profile")}, {}, *folder);
  if (!config) return false;
  const auto names = config->names("action");
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool EnvRoute::flag(std::string_view name) const {
  return found(flags, name).value_or(false);
}
std::optional<std::string> EnvRoute::text(std::string_view name) const {
  return found(texts, name);
}
std::optional<std::int64_t> EnvRoute::whole(std::string_view name) const {
  return found(wholes, name);
}
std::vector<std::string> EnvRoute::list(std::string_view name) const {
  return found(lists, name).value_or(std::vector<std::string>());
}

Execute add_env_command(CLI::App& app, const std::string&) {
  auto* env = app.add_subcommand(
      "env", "Starts the programs of a project, keeps their truth, leaves artifacts");
  env->require_subcommand(1);
  env->footer(
      "Actions of muster.toml ([action.NAME]) are commands, too. `muster env list-commands` lists\n"
      "aliases and families. Exit codes: 0 success, 1 failure, 2 interrupted; the class of a "
      "failure is in\nthe last line of stderr.\nExample: muster env start --json");
  auto before = std::make_shared<std::string>();
  declare_mode(*env, *before);
  auto parts = std::make_shared<std::vector<Part>>();
  for (const EnvCommand* command : env_commands()) {
    Part part{env->add_subcommand(std::string(command->name), std::string(command->about)),
              std::make_shared<EnvRoute>()};
    part.route->command = command;
    for (const std::string& alias : split(command->aliases, ','))
      if (!alias.empty()) part.app->alias(alias);
    declare(*part.app, *part.route);
    parts->push_back(std::move(part));
  }
  return [parts, before] {
    for (const Part& part : *parts) {
      if (!part.app->parsed()) continue;
      take_mode_tokens(*part.route, *before);
      return dispatch_env(*part.route);
    }
    return 1;
  };
}

std::vector<std::string> env_words(std::vector<std::string> words) {
  if (words.empty() || words.front() != "env") return words;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with('-')) {
      if (takes_value(words[i])) ++i;
      continue;
    }
    if (const std::string mode = mode_of(words[i]); !mode.empty()) {
      words[i] = "--mode=" + mode;
      continue;
    }
    if (find_env_command(words[i]) == nullptr && is_action(words, words[i]))
      words.insert(words.begin() + static_cast<std::ptrdiff_t>(i), "action");
    break;
  }
  return words;
}

void env_usage_failed(const std::vector<std::string>& words) {
  if (words.empty() || words.front() != "env") return;
  tell_exit_class("env", 1, "usage", value_among(words, "--exit-class-file"));
}

}  // namespace muster::app
