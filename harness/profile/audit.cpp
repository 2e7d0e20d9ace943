#include "profile/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/text.hpp"
#include "preflight/import_project.hpp"
#include "preflight/migration_grammar.hpp"
#include "profile/audit_coverage.hpp"
#include "profile/audit_files.hpp"
#include "profile/audit_modules.hpp"
#include "profile/config_check.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

class Auditor {
 public:
  Auditor(const Settings& settings, const std::vector<StepUse>& steps)
      : settings_(settings), coverage_(coverage_of(settings, steps)) {
    audit_.project = settings.project;
  }

  Audit run() {
    list_entry_points();
    list_modules();
    if (const auto files = project_files(settings_.project); !files) {
      audit_.problems.push_back(files.error());
    } else {
      list_scripts(*files);
      list_migrations(*files);
      list_protos(*files);
    }
    list_config();
    std::stable_sort(audit_.subjects.begin(), audit_.subjects.end(),
                     [](const Subject& a, const Subject& b) {
                       return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
                     });
    return std::move(audit_);
  }

 private:
  Subject& add(SubjectKind kind, std::string name, Place place) {
    audit_.subjects.emplace_back();
    Subject& subject = audit_.subjects.back();
    subject.kind = kind;
    subject.name = std::move(name);
    subject.place = std::move(place);
    return subject;
  }

  /// The scenario that names `name`, as the subject's cover; else why it has none.
  static void cover(Subject& subject, const std::map<std::string, Place>& named,
                    const std::string& name, std::string why) {
    if (const auto by = named.find(name); by != named.end()) {
      subject.covered_by = to_string(by->second);
    } else {
      subject.why = std::move(why);
    }
  }

  void list_entry_points() {
    const auto pyproject = preflight::read_pyproject(settings_.project);
    if (!pyproject) {
      audit_.problems.push_back(pyproject.error());
      return;
    }
    for (const auto& point : pyproject->entry_points) {
      Place place = point.place;
      if (place.uri.starts_with(settings_.project + "/"))
        place.uri.erase(0, settings_.project.size() + 1);
      Subject& subject = add(SubjectKind::entry_point, point.name + " = " + point.text, place);
      cover(subject, coverage_.entry_points, "all", "no scenario asks whether it can be called");
      subject.steps = {"every entry point can be called"};
    }
  }

  void list_modules() {
    auto graph = read_modules(settings_);
    if (!graph) {
      audit_.problems.push_back(graph.error());
      return;
    }
    std::set<std::string> named;
    for (const auto& [module, place] : coverage_.modules) named.insert(module);
    reached_ = graph->reached_from(named);
    for (const auto& [name, module] : graph->modules) {
      modules_.push_back(name);
      Subject& subject = add(SubjectKind::module, name, {module.file, 1, 0});
      subject.steps = {"I import " + quoted_argument(name)};
      if (has_version(name, module)) {
        cover(subject, coverage_.versions, name, "no scenario asks for its __version__");
        subject.steps.push_back(name + ".__version__ is defined");
      } else {
        cover(subject, coverage_.modules, name, "no scenario imports it");
        if (!subject.covered() && reached_.count(name) != 0) {
          subject.covered_by = "through the import of " + importer_of(*graph, name);
          subject.why.clear();
        }
      }
      subject.last = {"no ImportError is raised"};
    }
  }

  /// A package that says of which version it is: what asks for that may run in the deployment.
  static bool has_version(const std::string& name, const ModuleSource& module) {
    return name.find('.') == std::string::npos && module.file.ends_with("__init__.py") &&
           std::any_of(module.definitions.begin(), module.definitions.end(),
                       [](const ModuleName& defined) { return defined.name == "__version__"; });
  }

  /// A module that scenarios name and whose import reaches `name`.
  std::string importer_of(const ModuleGraph& graph, const std::string& name) const {
    for (const auto& [module, place] : coverage_.modules) {
      if (graph.reached_from({module}).count(name) != 0) return module + " at " + to_string(place);
    }
    return {};
  }

  void list_scripts(const ProjectFiles& project) {
    for (const ProjectFile& file : project.files) {
      if (!file.executable) continue;
      Subject& subject = add(SubjectKind::script, file.path, {file.path, 0, 0});
      cover(subject, coverage_.scripts, file.path, "no scenario asks whether it can be executed");
      subject.steps = {"the file " + quoted_argument(file.path) + " is executable"};
    }
  }

  void list_migrations(const ProjectFiles& project) {
    std::set<std::string> folders;
    for (const ProjectFile& file : project.files) {
      const fs::path path(file.path);
      if (!preflight::migration_version(path.filename().string()).empty())
        folders.insert(path.parent_path().empty() ? "." : path.parent_path().string());
    }
    // the folder that the project itself names counts even when nothing is in it any more
    if (fs::is_directory(below(settings_.project, settings_.migrations_dir)))
      folders.insert(fs::path(settings_.migrations_dir).lexically_normal().string());
    for (const std::string& folder : folders) {
      Subject& subject = add(SubjectKind::migrations, folder, {folder, 0, 0});
      cover(subject, coverage_.migrations, folder, "no scenario judges its migrations");
      subject.steps = {"migration files exist in " + quoted_argument(folder),
                       "I parse each migration for UP/DOWN blocks",
                       "every migration has a valid UP block"};
    }
  }

  void list_protos(const ProjectFiles& project) {
    for (const ProjectFile& file : project.files) {
      if (!file.path.ends_with(".proto")) continue;
      Subject& subject = add(SubjectKind::proto, file.path, {file.path, 0, 0});
      std::string stem = fs::path(file.path).stem().string();
      std::replace(stem.begin(), stem.end(), '-', '_');
      const std::string stub = stub_of(stem + "_pb2");
      if (reached_.count(stub) != 0) {
        subject.covered_by = "through the import of " + stub;
      } else {
        subject.why = "no scenario imports " + stub;
      }
      subject.steps = {"the file " + quoted_argument(file.path) + " exists",
                       "I import " + quoted_argument(stub)};
      subject.last = {"no ImportError is raised"};
    }
  }

  /// The module of the project with this last part; where other stubs are if there is none.
  std::string stub_of(const std::string& stem) const {
    std::string package;
    for (const std::string& module : modules_) {
      const auto dot = module.rfind('.');
      const std::string last = dot == std::string::npos ? module : module.substr(dot + 1);
      if (last == stem) return module;
      if (last.ends_with("_pb2") && dot != std::string::npos) package = module.substr(0, dot + 1);
    }
    return package + stem;
  }

  void list_config() {
    if (!fs::exists(below(settings_.project, settings_.config.file))) return;
    const LoadedConfig loaded = load_config(settings_);
    if (!loaded.config) {
      const preflight::CheckResult& failed = loaded.results.front();
      Error problem = error(failed.check, failed.found, failed.hint);
      problem.place = failed.place;
      audit_.problems.push_back(std::move(problem));
      return;
    }
    for (const std::string& path : loaded.config->paths()) {
      const hocon::Value* value = loaded.config->find(path);
      if (value == nullptr || value->kind == hocon::Kind::null) continue;
      Place place = value->place;
      if (place.uri.starts_with(settings_.project + "/"))
        place.uri.erase(0, settings_.project.size() + 1);
      Subject& subject = add(SubjectKind::config_key, path, place);
      cover(subject, coverage_.config, path, "no scenario asks for it");
      subject.first = {"I load the config with no overrides", "no exception is raised"};
      subject.steps = {config_step(path, *value, *loaded.config)};
    }
  }

  static std::string config_step(const std::string& path, const hocon::Value& value,
                                 const hocon::Config& config) {
    const bool plain = path.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyz"
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == std::string::npos &&
                       path.find_first_of("0123456789.-") != 0;
    const auto number = config.get_double(path);
    if (value.kind != hocon::Kind::number || !number || !plain || std::abs(*number) > 1e9)
      return "the config sets " + quoted_argument(path);
    return fmt::format("the config has {} > {:.0f}", path,
                       *number > 0 ? 0.0 : std::floor(*number) - 1);
  }

  const Settings& settings_;
  Coverage coverage_;
  Audit audit_;
  std::set<std::string> reached_;
  std::vector<std::string> modules_;
};

}  // namespace

std::string_view name_of(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::entry_point:
      return "entry point";
    case SubjectKind::module:
      return "module";
    case SubjectKind::script:
      return "script";
    case SubjectKind::config_key:
      return "config key";
    case SubjectKind::migrations:
      return "migrations";
    case SubjectKind::proto:
      return "proto";
  }
  return "";
}

std::size_t Audit::uncovered() const {
  return static_cast<std::size_t>(std::count_if(
      subjects.begin(), subjects.end(), [](const Subject& subject) { return !subject.covered(); }));
}

bool Audit::ok() const {
  return !subjects.empty() && uncovered() == 0 && problems.empty();
}

Audit audit(const Settings& settings, const std::vector<StepUse>& steps) {
  return Auditor(settings, steps).run();
}

}  // namespace muster::profile
