#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "preflight/import_project.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 32;  // folders; a link to a folder above would never end

/// Folders and modules at the top of a project that are beside what it ships.
const std::set<std::string>& beside() {
  static const std::set<std::string> names{
      "test",       "tests", "testing", "doc",     "docs",   "examples",     "example",
      "benchmarks", "build", "dist",    "venv",    "env",    "node_modules", "setup",
      "conftest",   "tasks", "noxfile", "fabfile", "scripts"};
  return names;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 ||
           std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  });
}

bool is_source(const fs::directory_entry& entry) {
  std::error_code failed;
  return entry.path().extension() == ".py" && entry.is_regular_file(failed);
}

bool is_file(const fs::path& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

/// What stands in a folder, by name.
std::vector<fs::directory_entry> entries(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::directory_entry> list;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    list.push_back(*at);
  std::sort(list.begin(), list.end());
  return list;
}

bool has_sources(const fs::path& folder, int depth) {
  for (const fs::directory_entry& entry : entries(folder)) {
    std::error_code failed;
    if (is_source(entry)) return true;
    const std::string name = entry.path().filename().string();
    if (depth < 4 && is_identifier(name) && name != "__pycache__" && entry.is_directory(failed) &&
        has_sources(entry.path(), depth + 1))
      return true;
  }
  return false;
}

bool is_package(const fs::directory_entry& entry) {
  std::error_code failed;
  const std::string name = entry.path().filename().string();
  return is_identifier(name) && name != "__pycache__" && entry.is_directory(failed) &&
         !is_file(entry.path() / "pyvenv.cfg") && has_sources(entry.path(), 0);
}

void add_modules(const fs::path& folder, const std::string& package, int depth,
                 std::set<std::string>& modules) {
  if (is_file(folder / "__init__.py")) modules.insert(package);
  if (depth > deepest) return;
  for (const fs::directory_entry& entry : entries(folder)) {
    const std::string stem = entry.path().stem().string();
    if (is_source(entry) && is_identifier(stem) && stem != "__init__" && stem != "__main__" &&
        stem != "conftest") {
      modules.insert(package + "." + stem);
    } else if (is_package(entry) && stem != "tests" && stem != "test") {
      add_modules(entry.path(), package + "." + entry.path().filename().string(), depth + 1,
                  modules);
    }
  }
}

}  // namespace

std::vector<std::string> default_search_paths(const std::string& project,
                                              const PyProject& pyproject) {
  std::vector<std::string> paths;
  for (const std::string& root : pyproject.package_roots) {
    const fs::path path = (fs::path(project) / root).lexically_normal();
    paths.push_back(root == "." ? project : path.string());
  }
  if (!paths.empty()) return paths;
  // A folder src that is no package itself and holds one.
  const fs::path source = fs::path(project) / "src";
  if (!is_file(source / "__init__.py")) {
    for (const fs::directory_entry& entry : entries(source)) {
      if (is_package(entry) || is_source(entry)) return {source.string()};
    }
  }
  return {project};
}

std::vector<std::string> project_modules(const std::string& project) {
  std::set<std::string> modules;
  const Result<PyProject> read = read_pyproject(project);
  const PyProject pyproject = read ? *read : PyProject{};
  std::error_code failed;
  const fs::path canonical = fs::canonical(project, failed);
  for (const std::string& root :
       default_search_paths(failed ? project : canonical.string(), pyproject)) {
    for (const fs::directory_entry& entry : entries(root)) {
      const std::string name = entry.path().filename().string();
      const std::string stem = entry.path().stem().string();
      const bool declared = std::any_of(
          pyproject.packages.begin(), pyproject.packages.end(),
          [&stem](const std::string& package) { return split(package, '.').front() == stem; });
      if (!declared && (!pyproject.packages.empty() || beside().count(stem) != 0)) continue;
      if (is_source(entry) && is_identifier(stem) && stem != "__init__" && stem != "__main__")
        modules.insert(stem);
      else if (is_package(entry))
        add_modules(entry.path(), name, 0, modules);
    }
  }
  return {modules.begin(), modules.end()};
}

}  // namespace muster::preflight
