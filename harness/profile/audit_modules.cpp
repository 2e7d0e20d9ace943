#include "profile/audit_modules.hpp"

#include <filesystem>

#include "base/json.hpp"
#include "base/text.hpp"
#include "preflight/check_program.hpp"
#include "preflight/import_project.hpp"

namespace muster::profile {
namespace {

#include MUSTER_EMBEDDED

constexpr std::chrono::seconds kTimeout(60);

std::vector<std::string> search_paths(const Settings& settings) {
  std::vector<std::string> folders;
  for (const std::string& path : settings.imports.search_paths)
    folders.push_back(below(settings.project, path));
  if (!folders.empty()) return folders;
  const auto pyproject = preflight::read_pyproject(settings.project);
  return preflight::default_search_paths(settings.project,
                                         pyproject ? *pyproject : preflight::PyProject{});
}

std::vector<std::string> strings(const Json& list) {
  std::vector<std::string> made;
  for (const Json& item : list) made.push_back(item.get<std::string>());
  return made;
}

ModuleSource module_of(const Json& said, const std::string& project) {
  ModuleSource made;
  made.file = std::filesystem::path(string_at(said, "file")).lexically_relative(project).string();
  made.top = said.at("top").get<int>();
  made.problem = string_at(said, "problem");
  for (const Json& import : said.at("imports")) {
    made.imports.push_back({string_at(import, "module"), strings(import.at("names")),
                            import.at("line").get<int>(), import.at("end").get<int>(),
                            import.at("optional").get<bool>()});
  }
  for (const Json& name : said.at("definitions"))
    made.definitions.push_back({string_at(name, "name"), name.at("line").get<int>()});
  for (const Json& use : said.at("uses"))
    made.uses.push_back({string_at(use, "module"), string_at(use, "name")});
  return made;
}

/// Importing `a.b.c` imports `a` and `a.b` first.
void add_with_parents(const ModuleGraph& graph, const std::string& name,
                      std::vector<std::string>& into) {
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    if (const std::string parent = name.substr(0, dot); graph.modules.count(parent) != 0)
      into.push_back(parent);
  }
  if (graph.modules.count(name) != 0) into.push_back(name);
}

}  // namespace

std::set<std::string> ModuleGraph::reached_from(const std::set<std::string>& names) const {
  std::set<std::string> reached;
  std::vector<std::string> waiting;
  for (const std::string& name : names) add_with_parents(*this, name, waiting);
  while (!waiting.empty()) {
    const std::string name = std::move(waiting.back());
    waiting.pop_back();
    if (!reached.insert(name).second) continue;
    for (const ModuleImport& import : modules.at(name).imports) {
      add_with_parents(*this, import.module, waiting);
      for (const std::string& part : import.names)
        add_with_parents(*this, import.module + "." + part, waiting);
    }
  }
  return reached;
}

Result<ModuleGraph> read_modules(const Settings& settings) {
  const std::vector<std::string> modules = preflight::project_modules(settings.project);
  ModuleGraph graph;
  if (modules.empty()) return graph;
  preflight::ProgramCall call;
  call.name = "python";
  call.argv = {python_of(settings), "-I", "-c", std::string(audit_modules_py),
               dump_json(search_paths(settings))};
  call.argv.insert(call.argv.end(), modules.begin(), modules.end());
  call.env = preflight::plain_environment();
  call.cwd = settings.project;
  const auto ran = preflight::run_program(call, preflight::Deadline(kTimeout));
  if (!ran) return ran.error();
  const auto said = parse_json(ran->out);
  if (!ran->exit.success() || !said) {
    return error("modules_unread", "the modules of the project can not be read: " +
                                       join(last_lines(ran->err, 1), ""));
  }
  for (const auto& [name, module] : said->at("modules").items())
    graph.modules.emplace(name, module_of(module, settings.project));
  for (const auto& [name, owners] : said->at("distributions").items())
    graph.distributions.emplace(name, strings(owners));
  for (const auto& [name, needed] : said->at("requires").items())
    graph.requirements.emplace(name, strings(needed));
  return graph;
}

}  // namespace muster::profile
