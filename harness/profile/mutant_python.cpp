#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "preflight/import_project.hpp"
#include "profile/audit_modules.hpp"
#include "profile/mutant.hpp"
#include "profile/mutant_text.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

/// `a.b` of `a.b.c`; empty at the top.
std::string parent_of(const std::string& module) {
  const auto dot = module.rfind('.');
  return dot == std::string::npos ? std::string() : module.substr(0, dot);
}

std::string last_of(const std::string& module) {
  return module.substr(module.rfind('.') + 1);
}

bool is_stub(const std::string& module) {
  return module.ends_with("_pb2") || module.ends_with("_pb2_grpc");
}

class PythonMutants {
 public:
  PythonMutants(const Original& original, const ModuleGraph& graph, std::vector<Mutant>& into)
      : original_(original), graph_(graph), into_(into) {}

  void make() {
    for (const auto& [name, module] : graph_.modules) {
      if (!module.problem.empty()) continue;
      make_module(name, module);
      make_symbols(name, module);
      make_circular(name, module);
    }
    make_project();
    for (const ProjectFile& file : original_.files.files) {
      if (file.path.ends_with(".proto")) make_proto(file.path);
    }
  }

 private:
  void make_module(const std::string& name, const ModuleSource& module) {
    const std::string text = original_.text(module.file);
    write("syntax-error", module.file, "does not parse", append_line(text, "def broken(:"),
          {"exception"}, {module.file});
    for (const ModuleImport& import : module.imports) {
      if (import.optional || import.module == "__future__") continue;
      const std::string gone = last_of(import.module);
      if (auto broken = replace_word(text, import.line, gone, gone + "_gone")) {
        write("import-broken", module.file, "imports " + import.module + "_gone",
              std::move(*broken), {"dependency-missing", "stub-missing"}, {gone + "_gone"});
        break;
      }
    }
    const bool package = module.file.ends_with("__init__.py");
    if (package) {
      add("init-deleted", module.file, module.file + " is not there",
          {{Change::Kind::remove, module.file, {}}}, {"missing-init"}, {module.file});
      for (const ModuleName& defined : module.definitions) {
        if (defined.name != "__version__") continue;
        if (auto renamed = replace_word(text, defined.line, "__version__", "__edition__")) {
          write("version-removed", module.file, "has no __version__", std::move(*renamed),
                {"attribute-missing"}, {name + " has no __version__"});
        }
      }
    } else if (!is_stub(name) && (is_imported(name) || is_entry(name))) {
      add("module-deleted", module.file, module.file + " is not there",
          {{Change::Kind::remove, module.file, {}}},
          {"dependency-missing", "target-missing", "name-missing"},
          {"no module named " + name, name + " is not there",
           parent_of(name) + " has no " + last_of(name)});
    }
    if (is_entry(name)) make_ends(module, text);
  }

  /// What the code of a module may do to the process that imports it.
  void make_ends(const ModuleSource& module, const std::string& text) {
    write("import-raises", module.file, "raises at import",
          append_line(text, "raise RuntimeError(\"muster\")"), {"exception"}, {module.file});
    write("import-exits", module.file, "ends the interpreter at import",
          append_line(text, "import os; os._exit(0)"), {"exited"}, {module.file});
    write("import-crashes", module.file, "crashes the interpreter at import",
          append_line(text, "import os; os.abort()"), {"signalled"}, {module.file});
    write("import-hangs", module.file, "never ends its import",
          append_line(text, "import time; time.sleep(3600)"), {"timeout"}, {module.file});
    into_.back().environment = {"MUSTER_PROFILE_PYTHON_TIMEOUT=2s"};
  }

  /// Names that modules take from this one.
  void make_symbols(const std::string& name, const ModuleSource& module) {
    std::set<std::string> taken;
    for (const auto& [other, source] : graph_.modules) {
      for (const ModuleImport& import : source.imports) {
        if (!import.optional && import.module == name && other != name)
          taken.insert(import.names.begin(), import.names.end());
      }
      for (const ModuleUse& use : source.uses) {
        if (use.module == name && other != name) taken.insert(use.name);
      }
    }
    std::set<std::string> done;
    for (const ModuleName& defined : module.definitions) {
      if (taken.count(defined.name) == 0 || !done.insert(defined.name).second) continue;
      auto renamed = replace_word(original_.text(module.file), defined.line, defined.name,
                                  defined.name + "_renamed");
      if (!renamed) continue;
      write("symbol-renamed", module.file + ":" + defined.name, "calls it otherwise",
            std::move(*renamed), {"name-missing", "exception"},
            {name + " has no " + defined.name, "'" + defined.name + "'"}, module.file);
    }
  }

  /// A module that needs the one that is importing it. Only below a module that nothing imports:
  /// there is but one order in which the two can be imported.
  void make_circular(const std::string& name, const ModuleSource& module) {
    if (is_imported(name)) return;
    for (const ModuleImport& import : module.imports) {
      for (const std::string& target : targets_of(import)) {
        const ModuleSource& other = graph_.modules.at(target);
        if (import.optional || is_stub(target) || other.file.ends_with("__init__.py") ||
            reached_before(module, import.line, target))
          continue;
        const auto late =
            std::find_if(module.definitions.begin(), module.definitions.end(),
                         [&](const ModuleName& defined) { return defined.line > import.end; });
        if (late == module.definitions.end()) continue;
        write("circular-import", other.file, "needs " + name + ", which imports it",
              insert_line(original_.text(other.file), other.top,
                          "from " + name + " import " + late->name),
              {"circular"}, {name, target});
        return;
      }
    }
  }

  /// The modules of the project that a statement imports by itself.
  std::vector<std::string> targets_of(const ModuleImport& import) const {
    std::vector<std::string> targets;
    for (const std::string& part : import.names) {
      if (graph_.modules.count(import.module + "." + part) != 0)
        targets.push_back(import.module + "." + part);
    }
    if (targets.empty() && graph_.modules.count(import.module) != 0)
      targets.push_back(import.module);
    return targets;
  }

  bool reached_before(const ModuleSource& module, int line, const std::string& target) const {
    std::set<std::string> before;
    for (const ModuleImport& import : module.imports) {
      if (import.line >= line) continue;
      before.insert(import.module);
      for (const std::string& part : import.names) before.insert(import.module + "." + part);
    }
    return graph_.reached_from(before).count(target) != 0;
  }

  bool is_imported(const std::string& name) const {
    for (const auto& [other, source] : graph_.modules) {
      if (other == name) continue;
      for (const ModuleImport& import : source.imports) {
        if (import.optional) continue;
        if (import.module == name) return true;
        if (import.module == parent_of(name) && std::find(import.names.begin(), import.names.end(),
                                                          last_of(name)) != import.names.end())
          return true;
      }
    }
    return false;
  }

  bool is_entry(const std::string& name) const {
    return std::any_of(pyproject_.entry_points.begin(), pyproject_.entry_points.end(),
                       [&](const auto& point) { return point.module == name; });
  }

  void make_project() {
    const std::string file = "pyproject.toml";
    const std::string text = original_.text(file);
    for (const auto& point : pyproject_.entry_points) {
      if (!point.problem.empty()) continue;
      const int line = point.place.line;
      if (auto moved = replace_in_line(text, line, point.module, point.module + "_renamed")) {
        add("entry-module-renamed", point.name, point.name + " names a module that is not there",
            {{Change::Kind::write, file, std::move(*moved)}}, {"target-missing"},
            {point.module + "_renamed"});
      }
      if (point.object.empty()) continue;
      if (auto renamed =
              replace_in_line(text, line, ":" + point.object, ":" + point.object + "_renamed")) {
        add("entry-object-renamed", point.name, point.name + " names what its module has not",
            {{Change::Kind::write, file, std::move(*renamed)}}, {"attribute-missing"},
            {point.object + "_renamed"});
      }
      make_entry_function(point);
    }
    for (const auto& requirement : pyproject_.dependencies) make_dependency(text, requirement);
    if (pyproject_.present) {
      write("pyproject-syntax", file, "does not parse", append_line(text, "[project"),
            {"pyproject"}, {file});
    }
  }

  void make_entry_function(const preflight::EntryPoint& point) {
    const auto module = graph_.modules.find(point.module);
    if (module == graph_.modules.end()) return;
    for (const ModuleName& defined : module->second.definitions) {
      if (defined.name != point.object) continue;
      if (auto renamed = replace_word(original_.text(module->second.file), defined.line,
                                      point.object, point.object + "_renamed")) {
        add("entry-function-renamed", point.name, point.text + " is called otherwise",
            {{Change::Kind::write, module->second.file, std::move(*renamed)}},
            {"attribute-missing"}, {point.module + ":" + point.object});
      }
    }
  }

  /// Every distribution that `name` brings along, itself included.
  std::set<std::string> brought_by(const std::string& name) const {
    std::set<std::string> brought;
    std::vector<std::string> waiting{name};
    while (!waiting.empty()) {
      const std::string next = std::move(waiting.back());
      waiting.pop_back();
      if (!brought.insert(next).second) continue;
      const auto needed = graph_.requirements.find(next);
      if (needed != graph_.requirements.end())
        waiting.insert(waiting.end(), needed->second.begin(), needed->second.end());
    }
    return brought;
  }

  /// A dependency that the project imports and that no other dependency brings along.
  void make_dependency(const std::string& text, const preflight::DeclaredRequirement& requirement) {
    if (!original_.settings.imports.production_closure) return;
    const auto name = name_of_requirement(requirement.text);
    for (const auto& other : pyproject_.dependencies) {
      const auto other_name = name_of_requirement(other.text);
      if (other_name != name && brought_by(other_name).count(name) != 0) return;
    }
    std::vector<std::string> tops;
    for (const auto& [top, owners] : graph_.distributions) {
      if (std::find(owners.begin(), owners.end(), name) != owners.end() && is_needed(top))
        tops.push_back(top);
    }
    if (tops.empty()) return;
    const std::string quoted = "\"" + requirement.text + "\"";
    auto removed = replace_in_line(text, requirement.place.line, quoted + ",", "");
    if (!removed) removed = replace_in_line(text, requirement.place.line, quoted, "");
    if (!removed) return;
    tops.push_back(name);
    if (auto misspelt = replace_in_line(text, requirement.place.line, "\"" + requirement.text,
                                        "\"muster-no-such-" + requirement.text)) {
      add("dependency-misspelt", name, requirement.text + " is declared by a wrong name",
          {{Change::Kind::write, "pyproject.toml", std::move(*misspelt)}},
          {"dev-only", "dependency-missing", "not-installed"}, tops);
    }
    add("dependency-removed", name, requirement.text + " is not declared",
        {{Change::Kind::write, "pyproject.toml", std::move(*removed)}},
        {"dev-only", "dependency-missing"}, std::move(tops));
  }

  static std::string name_of_requirement(const std::string& text) {
    const auto end = std::min(text.find_first_of(" [;<>=!~@("), text.size());
    return preflight::normalised_name(text.substr(0, end));
  }

  bool is_needed(const std::string& top) const {
    for (const auto& [name, module] : graph_.modules) {
      for (const ModuleImport& import : module.imports) {
        if (!import.optional && import.module.substr(0, import.module.find('.')) == top)
          return true;
      }
    }
    return false;
  }

  void make_proto(const std::string& path) {
    std::string stem = fs::path(path).stem().string();
    std::replace(stem.begin(), stem.end(), '-', '_');
    const std::string text = original_.text(path);
    add("proto-deleted", path, path + " is not there", {{Change::Kind::remove, path, {}}},
        {"file", "stub-stale"}, {path});
    for (const auto& [name, module] : graph_.modules) {
      if (last_of(name) != stem + "_pb2") continue;
      const std::vector<std::string> naming{module.file, name, path};
      write("stub-stale", path, "has a message that its stub has not",
            append_line(text, "message MusterMutant {\n}"), {"stub-stale"}, naming);
      add("stub-deleted", module.file, module.file + " is not there",
          {{Change::Kind::remove, module.file, {}}}, {"stub-missing", "target-missing"}, naming);
    }
  }

  void write(const char* kind, const std::string& subject, const std::string& what,
             std::string text, std::vector<std::string> checks, std::vector<std::string> naming,
             std::string file = {}) {
    if (file.empty()) file = subject;
    if (text == original_.text(file)) return;
    add(kind, subject, subject + " " + what, {{Change::Kind::write, file, std::move(text)}},
        std::move(checks), std::move(naming));
  }

  void add(const char* kind, std::string subject, std::string what, std::vector<Change> changes,
           std::vector<std::string> checks, std::vector<std::string> naming) {
    into_.push_back({kind,
                     std::move(subject),
                     std::move(what),
                     std::move(changes),
                     std::move(checks),
                     std::move(naming),
                     {}});
  }

  const Original& original_;
  const ModuleGraph& graph_;
  preflight::PyProject pyproject_ = [this] {
    auto read = preflight::read_pyproject(original_.settings.project);
    return read ? std::move(*read) : preflight::PyProject{};
  }();
  std::vector<Mutant>& into_;
};

}  // namespace

Result<std::vector<Mutant>> python_mutants(const Original& original) {
  const auto graph = read_modules(original.settings);
  if (!graph) return graph.error();
  std::vector<Mutant> made;
  PythonMutants(original, *graph, made).make();
  return made;
}

}  // namespace muster::profile
