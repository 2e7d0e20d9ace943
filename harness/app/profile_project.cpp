#include "app/profile_project.hpp"

#include <filesystem>
#include <iostream>

#include "app/config_schema.hpp"
#include "app/project_folder.hpp"
#include "config/load.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;

Result<ProfileProject> read_project(const std::string& folder) {
  config::Request request;
  request.folder = folder;
  request.environment = config::process_environment();
  auto loaded = config::load(config_schema(), request);
  if (auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) {
    for (std::size_t i = 0; i + 1 < problems->size(); ++i) std::cerr << render((*problems)[i]);
    return problems->back();
  }
  auto& config = std::get<config::Config>(loaded);
  for (const Diagnostic& warning : config.warnings()) std::cerr << render(warning);
  return ProfileProject{folder, std::make_shared<const config::Config>(std::move(config))};
}

}  // namespace

Result<ProfileProject> project_around(const std::string& given, const std::string& from) {
  const auto folder = project_folder(given, from);
  if (!folder) return folder.error();
  return read_project(*folder);
}

Result<ProfileProject> project_under_test(const std::string& given) {
  auto project = project_around(given, ".");
  if (!project || !given.empty()) return project;
  const auto other = project->config->find<std::string>("profile.project");
  if (!other) return other.error();
  if (!*other) return project;
  const fs::path folder = fs::path(project->folder) / **other;
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    return project->config->error_at("profile.project", "no_project",
                                     "there is no folder " + folder.string());
  }
  return read_project(fs::canonical(folder, failed).string());
}

}  // namespace muster::app
