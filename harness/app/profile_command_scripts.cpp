#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/profile_command.hpp"
#include "app/profile_project.hpp"
#include "profile/settings.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;
using preflight::CheckResult;

struct ScriptsArguments {
  std::vector<std::string> paths;
  std::string project;
  bool json = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

/// The scripts that belong to one project.
struct ProjectScripts {
  profile::Settings settings;
  std::vector<std::string> paths;   ///< below it
  std::vector<std::size_t> places;  ///< where their results go
};

/// `path` below `folder`; as it is, if it lies elsewhere or is no path at all.
std::string relative_to(const std::string& folder, const std::string& path) {
  std::error_code failed;
  // of the folder only: a link is judged as the link that it is
  const fs::path absolute = fs::absolute(path, failed).lexically_normal();
  const fs::path parent = fs::weakly_canonical(absolute.parent_path(), failed);
  const fs::path relative = (parent / absolute.filename()).lexically_relative(folder);
  return relative.empty() || *relative.begin() == ".." ? absolute.string() : relative.string();
}

Result<std::vector<ProjectScripts>> by_project(const ScriptsArguments& arguments) {
  std::vector<ProjectScripts> groups;
  for (std::size_t i = 0; i < arguments.paths.size(); ++i) {
    const std::string& path = arguments.paths[i];
    const auto project = project_around(
        arguments.project, fs::absolute(path).lexically_normal().parent_path().string());
    if (!project) return project.error();
    auto settings = profile::read_settings(*project->config, project->folder);
    if (!settings) return settings.error();
    auto group = std::find_if(groups.begin(), groups.end(), [&](const ProjectScripts& known) {
      return known.settings.project == project->folder;
    });
    if (group == groups.end())
      group = groups.insert(groups.end(), {std::move(settings).value(), {}, {}});
    group->paths.push_back(arguments.project.empty() ? relative_to(project->folder, path) : path);
    group->places.push_back(i);
  }
  return groups;
}

int scripts_command(const ScriptsArguments& arguments) {
  const auto groups = by_project(arguments);
  if (!groups) return fail(groups.error());
  std::vector<CheckResult> results(arguments.paths.size());
  for (const ProjectScripts& group : *groups) {
    auto checked =
        preflight::check_scripts(group.settings.project, group.paths, group.settings.scripts);
    for (std::size_t i = 0; i < checked.size(); ++i) {
      CheckResult& result = results.at(group.places.at(i));
      result = std::move(checked[i]);
      result.subject = arguments.paths.at(group.places[i]);
    }
  }
  const bool ok = preflight::all_passed(results);
  DataOutput out;
  if (arguments.json) {
    Json all = Json::array();
    for (const CheckResult& result : results) all.push_back(to_json(result));
    out.pending() += dump_json({{"results", std::move(all)}, {"ok", ok}}) + "\n";
  } else {
    for (const CheckResult& result : results) out.pending() += render(result);
  }
  if (auto written = out.finish(); !written) return fail(written.error());
  return ok ? 0 : 1;
}

}  // namespace

Execute add_profile_scripts_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<ScriptsArguments>();
  auto& arguments = *shared;
  auto* command = app.add_subcommand(
      "scripts",
      "Checks that scripts will run where they are deployed: what git ships, exec bit, "
      "first line, interpreter, syntax");
  command->add_option("paths", arguments.paths, "The scripts")->required();
  command->add_flag("--json", arguments.json, "As one JSON object");
  command->add_option("--project", arguments.project,
                      "Folder of the project, which paths are below (default: the nearest "
                      "muster.toml or repository above each path)");
  command->footer("Example: muster profile scripts scripts/start.sh scripts/backup.sh");
  return [shared] { return scripts_command(*shared); };
}

}  // namespace muster::app
