#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/profile_command.hpp"
#include "app/profile_project.hpp"
#include "preflight/import_project.hpp"
#include "profile/settings.hpp"

namespace muster::app {
namespace {

struct ImportsArguments {
  std::vector<std::string> modules;
  bool all = false;
  bool entry_points = false;
  bool stubs = false;
  std::string python;
  std::string project;
  bool json = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

preflight::ImportReport check(const ImportsArguments& arguments,
                              const profile::Settings& settings) {
  if (arguments.entry_points)
    return preflight::check_entry_points(settings.project, settings.imports);
  if (arguments.stubs) return preflight::check_stubs(settings.project, settings.imports);
  return preflight::check_imports(
      settings.project,
      arguments.all ? preflight::project_modules(settings.project) : arguments.modules,
      settings.imports);
}

int imports_command(const ImportsArguments& arguments) {
  if (!arguments.all && !arguments.entry_points && !arguments.stubs && arguments.modules.empty()) {
    return fail(error("nothing_to_import", "no module is named",
                      "name modules, or give --all, --entry-points or --stubs"));
  }
  const auto project = project_under_test(arguments.project);
  if (!project) return fail(project.error());
  auto settings = profile::read_settings(*project->config, project->folder);
  if (!settings) return fail(settings.error());
  if (!arguments.python.empty()) {
    settings->imports.python = arguments.python.find('/') == std::string::npos
                                   ? arguments.python
                                   : std::filesystem::absolute(arguments.python).string();
  }
  const preflight::ImportReport report = check(arguments, *settings);
  DataOutput out;
  out.pending() += arguments.json ? dump_json(to_json(report)) + "\n" : render(report);
  if (auto written = out.finish(); !written) return fail(written.error());
  return report.ok() ? 0 : 1;
}

}  // namespace

Execute add_profile_imports_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<ImportsArguments>();
  auto& arguments = *shared;
  auto* command = app.add_subcommand(
      "imports",
      "Imports modules as they are deployed: isolated, each in a process of its own, without what "
      "pyproject.toml does not declare");
  auto* modules = command->add_option("modules", arguments.modules, "Dotted names");
  auto* all = command->add_flag("--all", arguments.all, "Every module of the project");
  auto* entry_points = command->add_flag("--entry-points", arguments.entry_points,
                                         "The entry points that pyproject.toml declares");
  auto* stubs = command->add_flag("--stubs", arguments.stubs,
                                  "The modules generated from each .proto: there, up to date");
  all->excludes(modules)->excludes(entry_points)->excludes(stubs);
  entry_points->excludes(modules)->excludes(stubs);
  stubs->excludes(modules);
  command->add_option("--python", arguments.python,
                      "Interpreter (default: what muster.toml says, .venv or venv of the project, "
                      "python3)");
  command->add_flag("--json", arguments.json, "As one JSON object");
  command->add_option("--project", arguments.project,
                      "Folder of the project (default: that of the nearest muster.toml, else of "
                      "the repository)");
  command->footer("Example: muster profile imports atelier.server atelier.gateway");
  return [shared] { return imports_command(*shared); };
}

}  // namespace muster::app
