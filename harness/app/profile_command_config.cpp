#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/profile_command.hpp"
#include "app/profile_project.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "hocon/hocon.hpp"
#include "profile/settings.hpp"

namespace muster::app {
namespace {

struct ConfigArguments {
  std::string file;
  std::vector<std::string> environment;  ///< NAME=VALUE
  std::string project;
  bool json = false;
  bool origins = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

/// The environment of this process under what the command line says.
Result<std::map<std::string, std::string>> environment_of(const ConfigArguments& arguments) {
  std::map<std::string, std::string> variables;
  for (auto& [name, value] : config::process_environment()) variables[name] = value;
  for (const std::string& given : arguments.environment) {
    const std::size_t equals = given.find('=');
    if (equals == std::string::npos || equals == 0) {
      return error("bad_variable", fmt::format("\"{}\" sets no variable", given),
                   "--env NAME=VALUE");
    }
    variables[given.substr(0, equals)] = given.substr(equals + 1);
  }
  return variables;
}

/// A value that is no object, or an empty one, and the path that leads to it.
struct Leaf {
  std::string path;
  const hocon::Value* value;
};

void add_leaves(const hocon::Value& value, std::vector<std::string>& path,
                std::vector<Leaf>& leaves) {
  if (value.kind != hocon::Kind::object || (value.fields.empty() && !path.empty())) {
    leaves.push_back({hocon::render_path(path), &value});
    return;
  }
  for (const hocon::Field& field : value.fields) {
    path.push_back(field.key);
    add_leaves(field.value, path, leaves);
    path.pop_back();
  }
}

std::vector<Leaf> leaves_of(const hocon::Config& config) {
  std::vector<Leaf> leaves;
  std::vector<std::string> path;
  add_leaves(config.root(), path, leaves);
  return leaves;
}

Json origin_of(const hocon::Value& value) {
  Json json{{"file", value.place.uri}, {"line", value.place.line}};
  if (!value.environment.empty()) json["environment"] = value.environment;
  return json;
}

std::string as_json(const hocon::Config& config, bool origins) {
  if (!origins) return config.to_json(hocon::Secrets::hidden, true) + "\n";
  Json places = Json::object();
  for (const Leaf& leaf : leaves_of(config)) places[leaf.path] = origin_of(*leaf.value);
  return "{\"config\": " + config.to_json() + ", \"origins\": " + dump_json(places) + "}\n";
}

/// A line for each value, `path = value`, with `# origin` in a column of its own.
std::string as_lines(const hocon::Config& config, bool origins) {
  constexpr std::size_t kColumn = 60;
  const std::vector<Leaf> leaves = leaves_of(config);
  std::vector<std::string> lines;
  std::size_t width = 0;
  for (const Leaf& leaf : leaves) {
    lines.push_back(printable(leaf.path + " = " + hocon::to_json(*leaf.value)));
    width = std::max(width, std::min(display_width(lines.back()), kColumn));
  }
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += lines[i];
    if (origins) {
      const std::size_t own = display_width(lines[i]);
      const hocon::Origin origin{leaves[i].value->place, leaves[i].value->environment};
      text +=
          std::string(width > own ? width - own : 0, ' ') + "  # " + printable(to_string(origin));
    }
    text += "\n";
  }
  return text;
}

void warn(const hocon::Lint& lint) {
  const Diagnostic& it = lint.diagnostic;
  std::cerr << fmt::format("{}: warning: {} ({})\n", to_string(it.place), printable(it.message),
                           lint.code);
  if (!it.hint.empty()) std::cerr << "  hint: " << printable(it.hint) << '\n';
}

int config_command(const ConfigArguments& arguments) {
  const auto project = project_around(arguments.project, arguments.file);
  if (!project) return fail(project.error());
  const auto settings = profile::read_settings(*project->config, project->folder);
  if (!settings) return fail(settings.error());
  auto environment = environment_of(arguments);
  if (!environment) return fail(environment.error());
  hocon::Options options;
  options.environment = std::move(environment).value();
  options.declared = settings->config.declared;
  const auto config = hocon::load(arguments.file, options);
  if (!config) return fail(config.error());
  for (const hocon::Lint& lint : config->lints()) {
    if (settings->config.pyhocon || !lint.code.starts_with("pyhocon_")) warn(lint);
  }
  DataOutput out;
  out.pending() +=
      arguments.json ? as_json(*config, arguments.origins) : as_lines(*config, arguments.origins);
  if (auto written = out.finish(); !written) return fail(written.error());
  return 0;
}

}  // namespace

Execute add_profile_config_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<ConfigArguments>();
  auto& arguments = *shared;
  auto* command = app.add_subcommand("config", "Prints a HOCON configuration, resolved");
  command->add_option("file", arguments.file, "The file: .conf, .json or .properties")->required();
  command->add_flag("--json", arguments.json, "As one JSON object");
  command
      ->add_option("-e,--env", arguments.environment,
                   "NAME=VALUE, a variable on top of the environment of this process")
      ->allow_extra_args(false);
  command->add_flag("--origins", arguments.origins, "Where each value comes from");
  command->add_option("--project", arguments.project,
                      "Folder whose muster.toml declares variables (default: the nearest above "
                      "the file)");
  command->footer(
      "Values that came from the environment are never printed; what declares or reads them is.\n"
      "Example: muster profile config config/application.conf --origins --env PORT=8080");
  return [shared] { return config_command(*shared); };
}

}  // namespace muster::app
