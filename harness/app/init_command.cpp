#include "app/init_command.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "app/usage_error.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;
#include MUSTER_EMBEDDED

/// A file of the new project.
struct Template {
  std::string_view path;
  std::string_view text;
  bool executable = false;
};

constexpr Template kFiles[] = {
    {"muster.toml", init_project_muster_toml},
    {"CMakeLists.txt", init_project_CMakeLists_txt},
    {"features/greeting.feature", init_project_features_greeting_feature},
    {"step_definitions/greeting_steps.cpp", init_project_step_definitions_greeting_steps_cpp},
    {"bin/greeter", init_project_bin_greeter, true},
    {".vscode/settings.json", init_project_vscode_settings_json},
    {".gitignore", init_project_gitignore},
    {"README.md", init_project_README_md},
};

constexpr std::string_view kName = "@NAME@";

struct InitArguments {
  std::string folder = ".";
  std::string name;
  bool force = false;
  bool json = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

std::string filled(std::string text, const std::string& name) {
  for (std::size_t at = 0; (at = text.find(kName, at)) != std::string::npos; at += name.size())
    text.replace(at, kName.size(), name);
  return text;
}

/// A name that CMake takes for a target: letters, digits, `_`, `-` and `+`, beginning with a
/// letter.
bool target_name(const std::string& name) {
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
         std::all_of(name.begin(), name.end(), fits) && name != "test" && name != "all" &&
         name != "muster";
}

Result<void> write(const fs::path& path, const std::string& text, bool executable) {
  std::error_code problem;
  fs::create_directories(path.parent_path(), problem);
  if (problem) {
    return error("file_failed", "cannot make the folder " + path.parent_path().string() + ": " +
                                    problem.message());
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return error("file_failed", "cannot write " + path.string());
  if (executable && ::chmod(path.c_str(), 0755) != 0)
    return error("file_failed", "cannot set the exec bit of " + path.string());
  return {};
}

int init_command(const InitArguments& arguments) {
  const fs::path folder = fs::path(arguments.folder).lexically_normal();
  std::string name = arguments.name;
  if (name.empty()) name = fs::absolute(folder / "x").parent_path().filename().string();
  if (!target_name(name)) {
    return fail(error("bad_name", "'" + printable(name) + "' cannot be the name of a CMake target",
                      "muster init " + arguments.folder + " --name my_drills"));
  }
  std::vector<std::string> there;
  for (const Template& file : kFiles) {
    std::error_code ignored;
    if (fs::symlink_status(folder / file.path, ignored).type() != fs::file_type::not_found)
      there.emplace_back(file.path);
  }
  if (!there.empty() && !arguments.force) {
    return fail(error(
        "file_exists",
        "there already: " + join(there, ", ") + " in " + folder.string() + "; nothing was written",
        "choose another folder, or overwrite them with --force"));
  }
  for (const Template& file : kFiles) {
    const auto done =
        write(folder / file.path, filled(std::string(file.text), name), file.executable);
    if (!done) return fail(done.error());
  }
  if (arguments.json) {
    Json files = Json::array();
    for (const Template& file : kFiles) files.push_back((folder / file.path).string());
    std::cout << dump_json({{"name", name}, {"folder", folder.string()}, {"files", files}}) << "\n";
    return 0;
  }
  for (const Template& file : kFiles) std::cout << (folder / file.path).string() << "\n";
  std::cerr << "next:\n";
  if (folder != ".") std::cerr << "  cd " << folder.string() << "\n";
  std::cerr << "  cmake -B build -G Ninja && cmake --build build && build/" << name << " run\n";
  return 0;
}

}  // namespace

Execute add_init_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<InitArguments>();
  auto* command = app.add_subcommand(
      "init", "Makes a new project: a feature, step definitions, a program to drive, CMake");
  command->add_option("folder", shared->folder, "Where (default: this folder); made if missing");
  command->add_option("--name", shared->name, "Of project and runner (default: the folder's)");
  command->add_flag("--force", shared->force, "Overwrites files that are there");
  command->add_flag("--json", shared->json, "What was written, as one JSON object");
  command->footer("Example: muster init drills");
  return [shared] { return init_command(*shared); };
}

}  // namespace muster::app
