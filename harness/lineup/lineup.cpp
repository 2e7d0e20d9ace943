#include "lineup/lineup.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "config/config.hpp"
#include "process/launcher.hpp"

namespace muster::lineup {
namespace {

namespace fs = std::filesystem;

std::string variable_of(const std::string& name) {
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return "ROCKY_" + upper + "_BIN";
}

struct Given {
  std::string value, from;
};

/// What the configuration says at `key`; an empty value counts as none, a relative file of it is
/// below its folder.
Given configured(const config::Config* settings, const std::string& key) {
  if (settings == nullptr || !settings->is_set(key)) return {};
  const auto value = settings->get<std::string>(key);
  if (!value || value->empty()) return {};
  const config::Origin origin = settings->origin(key);
  Given given{*value, to_string(origin)};
  const bool of_file =
      origin.layer == config::Layer::file || origin.layer == config::Layer::profile;
  if (!key.ends_with("_address") && of_file && given.value.find('/') != std::string::npos &&
      !settings->folder().empty())
    given.value = (fs::path(settings->folder()) / given.value).lexically_normal().string();
  return given;
}

bool is_played(const std::string& name) {
  return name == "hearth" || name == "console" || name == "ralph";
}

void search(Program& program, const std::string& wanted) {
  const char* path = std::getenv("PATH");
  program.path = wanted;
  auto found = process::find_program(wanted, path ? path : "", "", program.searched);
  program.found = found.ok();
  if (found) program.path = *found;
}

}  // namespace

Program find(const std::string& name, const config::Config* settings) {
  Program program;
  program.name = name;
  Given file;
  if (is_played(name)) {
    const Given address = configured(settings, "programs." + name + "_address");
    if (!address.value.empty()) {
      program.address = address.value;
      program.from = address.from;
      program.given = true;
      return program;
    }
    file = configured(settings, "programs." + name);
  }
  const std::string variable = variable_of(name);
  if (const char* set = std::getenv(variable.c_str()); file.value.empty() && set && *set)
    file = {set, variable};
  if (!file.value.empty()) {
    program.from = file.from;
    program.given = true;
    search(program, file.value);
    return program;
  }
  program.from = "beside muster";
  std::error_code failure;
  const auto self = fs::read_symlink("/proc/self/exe", failure);
  const std::string beside = (self.parent_path() / name).string();
  program.searched.push_back(beside);
  if (::access(beside.c_str(), X_OK) == 0) {
    program.path = beside;
    program.found = true;
    return program;
  }
  search(program, name);
  return program;
}

std::vector<Program> find_all(const config::Config* settings) {
  return {find("hearth", settings), find("console", settings), find("ralph", settings)};
}

}  // namespace muster::lineup
