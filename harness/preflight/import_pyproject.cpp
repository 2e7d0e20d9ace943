#include <toml++/toml.h>

#include <cctype>
#include <filesystem>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "preflight/import_project.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "pyproject.toml";

class Reader {
 public:
  Reader(std::string project, PyProject& read) : project_(std::move(project)), read_(read) {}

  void take(const toml::table& root) {
    const toml::table* project = root["project"].as_table();
    const toml::table* poetry = root.at_path("tool.poetry").as_table();
    if (project != nullptr) take_project(*project, root);
    if (poetry != nullptr) take_poetry(*poetry, project == nullptr);
    if (project == nullptr && poetry == nullptr)
      read_.dependencies_unknown = "pyproject.toml has no [project] table";
    take_setuptools(root);
    take_hatch(root);
  }

 private:
  Place place(const toml::node& node) const {
    return Place{file_name, static_cast<int>(node.source().begin.line), 0};
  }

  void problem(const toml::node& node, const std::string& message) {
    Error made = error("pyproject", message);
    made.place = place(node);
    read_.problems.push_back(std::move(made));
  }

  std::vector<DeclaredRequirement> requirements(const toml::node* node, const std::string& what) {
    std::vector<DeclaredRequirement> list;
    if (node == nullptr) return list;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      problem(*node, what + " is no array");
      return list;
    }
    for (const toml::node& item : *array) {
      if (const auto text = item.value<std::string>())
        list.push_back({*text, place(item)});
      else
        problem(item, what + " has something that is no string");
    }
    return list;
  }

  void take_project(const toml::table& project, const toml::table& root) {
    read_.name = project["name"].value_or(std::string());
    read_.dependencies = requirements(project.get("dependencies"), "[project] dependencies");
    read_.dependencies_known = true;
    if (const toml::table* optional = project["optional-dependencies"].as_table()) {
      for (const auto& [extra, list] : *optional)
        read_.optional[normalised_name(extra.str())] =
            requirements(&list, "[project.optional-dependencies]");
    }
    if (const toml::array* dynamic = project["dynamic"].as_array()) {
      for (const toml::node& item : *dynamic) {
        if (item.value_or(std::string()) == "dependencies") take_dynamic(root, item);
      }
    }
    entry_points(project["scripts"].as_table(), "scripts");
    entry_points(project["gui-scripts"].as_table(), "gui-scripts");
    if (const toml::table* groups = project["entry-points"].as_table()) {
      for (const auto& [group, table] : *groups)
        entry_points(table.as_table(), std::string(group.str()));
    }
  }

  /// `dependencies = {file = ["requirements.txt"]}` of setuptools.
  void take_dynamic(const toml::table& root, const toml::node& said) {
    const auto files = root.at_path("tool.setuptools.dynamic.dependencies.file");
    std::vector<std::string> names;
    if (const auto one = files.value<std::string>()) names.push_back(*one);
    if (const toml::array* many = files.as_array()) {
      for (const toml::node& item : *many) names.push_back(item.value_or(std::string()));
    }
    if (names.empty()) {
      read_.dependencies_known = false;
      read_.dependencies_unknown = "pyproject.toml leaves the dependencies to its build tool";
      return;
    }
    for (const std::string& name : names) requirements_file(name, said, 0);
  }

  void requirements_file(const std::string& name, const toml::node& said, int depth) {
    if (!files_seen_.insert(name).second || depth > 10) return;
    const std::optional<std::string> text = read_source((fs::path(project_) / name).string());
    if (!text) return problem(said, "can not read " + name + ", which lists the dependencies");
    int number = 0;
    for (const std::string& raw : split(*text, '\n')) {
      ++number;
      std::string_view line = raw;
      if (const std::size_t comment = line.find(" #"); comment != std::string_view::npos)
        line = line.substr(0, comment);
      line = trim(line);
      if (line.empty() || line.starts_with("#")) continue;
      if (line.starts_with("-r")) {
        const fs::path below = fs::path(name).parent_path() / trim(line.substr(2));
        requirements_file(below.lexically_normal().string(), said, depth + 1);
      } else if (!line.starts_with("-")) {
        read_.dependencies.push_back({std::string(line), Place{name, number, 0}});
      }
    }
  }

  void take_poetry(const toml::table& poetry, bool alone) {
    if (read_.name.empty()) read_.name = poetry["name"].value_or(std::string());
    const toml::table* dependencies = poetry["dependencies"].as_table();
    if (alone || (read_.dependencies.empty() && dependencies != nullptr)) {
      read_.dependencies_known = true;
      if (dependencies != nullptr) {
        for (const auto& [name, value] : *dependencies) poetry_dependency(name.str(), value);
      }
    }
    entry_points(poetry["scripts"].as_table(), "scripts");
    if (const toml::table* plugins = poetry["plugins"].as_table()) {
      for (const auto& [group, table] : *plugins)
        entry_points(table.as_table(), std::string(group.str()));
    }
    if (const toml::array* packages = poetry["packages"].as_array()) {
      for (const toml::node& item : *packages) {
        const toml::table* table = item.as_table();
        if (table == nullptr) continue;
        if (const auto include = (*table)["include"].value<std::string>()) add_package(*include);
        if (const auto from = (*table)["from"].value<std::string>()) add_root(*from);
      }
    }
  }

  /// Poetry's version language is not PEP 440's, and only the name decides here.
  void poetry_dependency(std::string_view name, const toml::node& value) {
    if (name == "python") return;
    std::string text(name);
    if (const toml::table* table = value.as_table()) {
      if ((*table)["optional"].value_or(false)) {
        read_.optional["optional"].push_back({text, place(value)});
        return;
      }
      if (const toml::array* extras = (*table)["extras"].as_array()) {
        std::vector<std::string> names;
        for (const toml::node& item : *extras) names.push_back(item.value_or(std::string()));
        text += "[" + join(names, ",") + "]";
      }
      if (const auto markers = (*table)["markers"].value<std::string>()) text += "; " + *markers;
    }
    read_.dependencies.push_back({text, place(value)});
  }

  void entry_points(const toml::table* table, const std::string& group) {
    if (table == nullptr) return;
    for (const auto& [name, value] : *table) {
      EntryPoint point;
      point.group = group;
      point.name = std::string(name.str());
      point.place = place(value);
      if (const auto text = value.value<std::string>()) {
        point.text = *text;
      } else if (const auto reference = value.as_table()) {
        // Poetry also takes `{reference = "module:object", type = "console"}`.
        point.text = (*reference)["reference"].value_or(std::string());
      }
      parse_target(point);
      read_.entry_points.push_back(std::move(point));
    }
  }

  /// `module:object [extra]`, as the entry points specification of packaging.python.org has it.
  static void parse_target(EntryPoint& point) {
    std::string_view text = point.text;
    if (const std::size_t extras = text.find('['); extras != std::string_view::npos)
      text = text.substr(0, extras);
    text = trim(text);
    const std::size_t colon = text.find(':');
    point.module = std::string(trim(text.substr(0, colon)));
    if (colon != std::string_view::npos) point.object = std::string(trim(text.substr(colon + 1)));
    const bool script = point.group == "scripts" || point.group == "gui-scripts";
    if (point.text.empty()) {
      point.problem = "is no string";
    } else if (!is_dotted(point.module)) {
      point.problem = "names no module";
    } else if (colon == std::string_view::npos ? script : !is_dotted(point.object)) {
      point.problem = "names no object: it has to be module:object";
    }
  }

  static bool is_dotted(std::string_view text) {
    for (const std::string& part : split(text, '.')) {
      if (part.empty() || std::isdigit(static_cast<unsigned char>(part[0])) != 0) return false;
      for (const char c : part) {
        if (static_cast<unsigned char>(c) < 0x80 &&
            std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_')
          return false;
      }
    }
    return true;
  }

  void take_setuptools(const toml::table& root) {
    const toml::table* setuptools = root.at_path("tool.setuptools").as_table();
    if (setuptools == nullptr) return;
    if (const toml::array* names = (*setuptools)["packages"].as_array()) {
      for (const toml::node& item : *names) add_package(item.value_or(std::string()));
    }
    if (const toml::array* names = (*setuptools)["py-modules"].as_array()) {
      for (const toml::node& item : *names) add_package(item.value_or(std::string()));
    }
    if (const toml::table* folders = (*setuptools)["package-dir"].as_table()) {
      for (const auto& [package, folder] : *folders) {
        if (package.str().empty()) add_root(folder.value_or(std::string()));
      }
    }
    if (const toml::array* where = setuptools->at_path("packages.find.where").as_array()) {
      for (const toml::node& item : *where) add_root(item.value_or(std::string()));
    }
  }

  void take_hatch(const toml::table& root) {
    const auto wheel = root.at_path("tool.hatch.build.targets.wheel");
    if (const toml::array* packages = wheel["packages"].as_array()) {
      for (const toml::node& item : *packages) {
        const fs::path folder = fs::path(item.value_or(std::string())).lexically_normal();
        if (folder.empty()) continue;
        add_package(folder.filename().string());
        add_root(folder.has_parent_path() ? folder.parent_path().string() : ".");
      }
    }
  }

  void add_package(const std::string& name) {
    if (!name.empty() && is_dotted(name)) read_.packages.push_back(name);
  }

  void add_root(const std::string& folder) {
    if (folder.empty()) return;
    const std::string normal = fs::path(folder).lexically_normal().string();
    for (const std::string& known : read_.package_roots) {
      if (known == normal) return;
    }
    read_.package_roots.push_back(normal);
  }

  std::string project_;
  PyProject& read_;
  std::set<std::string> files_seen_;
};

}  // namespace

std::string normalised_name(std::string_view name) {
  std::string text;
  bool dash = false;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      dash = true;
      continue;
    }
    if (dash && !text.empty()) text += '-';
    dash = false;
    text += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return text;
}

Result<PyProject> read_pyproject(const std::string& project) {
  PyProject read;
  read.file = (fs::path(project) / file_name).string();
  std::error_code failed;
  if (!fs::exists(read.file, failed)) {
    read.dependencies_unknown = "the project has no pyproject.toml";
    return read;
  }
  const std::optional<std::string> text = read_source(read.file);
  if (!text) return error("pyproject", "can not read " + read.file);
  read.present = true;
  try {
    Reader(project, read).take(toml::parse(*text, std::string_view(file_name)));
  } catch (const toml::parse_error& bad) {
    Error why = error("pyproject", std::string(bad.description()));
    const auto& at = bad.source().begin;
    why.place = Place{file_name, static_cast<int>(at.line), static_cast<int>(at.column)};
    why.excerpt = std::string(line_of(*text, static_cast<int>(at.line)));
    return why;
  }
  return read;
}

}  // namespace muster::preflight
