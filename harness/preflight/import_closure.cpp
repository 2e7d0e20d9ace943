#include "preflight/import_closure.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "preflight/check.hpp"
#include "preflight/import_distributions.hpp"

namespace muster::preflight {
namespace {

class Search {
 public:
  Search(const PyProject& pyproject, const InterpreterFacts& facts, ProductionClosure& closure)
      : pyproject_(pyproject),
        facts_(facts),
        closure_(closure),
        installed_(find_distributions(facts.path)) {
    for (const auto& [name, distribution] : installed_) closure_.installed.insert(name);
    // The interpreter installs what it is started with; it is in every deployment.
    closure_.allowed.insert(normalised_name(pyproject.name));
  }

  void declared(const std::vector<DeclaredRequirement>& list) {
    for (const DeclaredRequirement& one : list) {
      const Result<Requirement> requirement = parse_requirement(one.text);
      if (!requirement) {
        report(one, Status::failed, "requirement", "a requirement of PEP 508",
               requirement.error().message, "correct it");
        continue;
      }
      const Result<bool> holds = marker_holds(requirement->marker, facts_.markers, {});
      if (!holds) {
        report(one, Status::failed, "requirement", "a marker of PEP 508", holds.error().message,
               "correct it");
        continue;
      }
      if (*holds) require(*requirement, &one);
    }
  }

  void own() {
    std::map<std::string, std::vector<std::string>> sharers;
    std::map<std::string, Holdings> holdings;
    for (const auto& [name, distribution] : installed_) {
      Holdings found = holdings_of(distribution, false);
      for (const std::string& module : found.modules) sharers[module].push_back(name);
      if (!found.known && closure_.allowed.count(name) != 0) closure_.unsure = true;
      holdings[name] = std::move(found);
    }
    // Of a name that several have, each owns a part.
    for (const auto& [module, names] : sharers) {
      if (names.size() < 2) continue;
      for (const std::string& name : names) {
        const Holdings deep = holdings_of(installed_.at(name), true);
        for (const std::string& part : deep.modules) {
          if (part.starts_with(module + ".")) holdings[name].modules.push_back(part);
        }
      }
    }
    for (const auto& [name, found] : holdings) {
      for (const std::string& place : found.places) closure_.places[place] = name;
      for (std::string module : found.modules) {
        for (;;) {
          std::vector<std::string>& owners = closure_.owners[module];
          if (std::find(owners.begin(), owners.end(), name) == owners.end()) owners.push_back(name);
          const std::size_t dot = module.rfind('.');
          if (dot == std::string::npos) break;
          module.resize(dot);
        }
      }
    }
  }

 private:
  void report(const DeclaredRequirement& one, Status status, std::string check,
              std::string expected, std::string found, std::string hint) {
    CheckResult result;
    result.subject = one.text;
    result.check = std::move(check);
    result.status = status;
    result.expected = std::move(expected);
    result.found = std::move(found);
    result.hint = std::move(hint);
    result.place = one.place;
    closure_.declarations.push_back(std::move(result));
  }

  /// `one`: the declaration that it comes from, while it is the project's own.
  void require(const Requirement& requirement, const DeclaredRequirement* one) {
    if (requirement.name == normalised_name(pyproject_.name)) {
      // `project[extra]` means the project's own optional dependencies.
      for (const std::string& extra : requirement.extras) {
        const auto list = pyproject_.optional.find(extra);
        if (list != pyproject_.optional.end() && own_extras_.insert(extra).second)
          declared(list->second);
      }
      return;
    }
    const auto known = installed_.find(requirement.name);
    if (known == installed_.end()) {
      if (one != nullptr)
        report(*one, Status::warned, "installed", requirement.name + " installed",
               "declared, but not installed in " + facts_.executable,
               facts_.executable + " -m pip install '" + one->text + "'");
      return;
    }
    Distribution& distribution = known->second;
    read_metadata(distribution);
    if (one != nullptr &&
        version_among(distribution.version, requirement.versions) == std::optional(false))
      report(*one, Status::warned, "version", requirement.name + " " + requirement.versions,
             "version " + distribution.version + " is installed",
             facts_.executable + " -m pip install '" + one->text + "'");
    std::set<std::string>& extras = followed_[requirement.name];
    const bool fresh = closure_.allowed.insert(requirement.name).second;
    bool more = fresh;
    for (const std::string& extra : requirement.extras) more = extras.insert(extra).second || more;
    if (!more) return;
    const std::vector<std::string> wanted(extras.begin(), extras.end());
    const std::vector<std::string> lines = distribution.requires_;
    for (const std::string& line : lines) {
      const Result<Requirement> next = parse_requirement(line);
      if (!next) continue;
      const Result<bool> holds = marker_holds(next->marker, facts_.markers, wanted);
      // A marker that nobody can read keeps nothing out.
      if (!holds || *holds) require(*next, nullptr);
    }
  }

  const PyProject& pyproject_;
  const InterpreterFacts& facts_;
  ProductionClosure& closure_;
  std::map<std::string, Distribution> installed_;
  std::map<std::string, std::set<std::string>> followed_;
  std::set<std::string> own_extras_;
};

}  // namespace

ProductionClosure production_closure(const PyProject& pyproject, const InterpreterFacts& facts,
                                     const std::vector<std::string>& extras) {
  ProductionClosure closure;
  for (const Error& problem : pyproject.problems) {
    CheckResult result;
    result.subject = "pyproject.toml";
    result.check = "pyproject";
    result.status = Status::failed;
    result.expected = "readable declarations";
    result.found = problem.message;
    result.place = problem.place;
    result.hint = "correct it";
    closure.declarations.push_back(std::move(result));
  }
  if (!pyproject.dependencies_known) {
    closure.reason = pyproject.dependencies_unknown;
    return closure;
  }
  closure.enforced = true;
  Search search(pyproject, facts, closure);
  search.declared(pyproject.dependencies);
  for (const std::string& extra : extras) {
    const auto list = pyproject.optional.find(normalised_name(extra));
    if (list != pyproject.optional.end()) {
      search.declared(list->second);
      continue;
    }
    CheckResult result;
    result.subject = "extra " + extra;
    result.check = "pyproject";
    result.status = Status::failed;
    result.expected = "optional dependencies named " + extra;
    result.found = "pyproject.toml has none of that name";
    result.place = Place{"pyproject.toml", 0, 0};
    result.hint = "correct the name of the extra";
    closure.declarations.push_back(std::move(result));
  }
  search.own();
  return closure;
}

Json gate_of(const ProductionClosure& closure) {
  const auto keys = [](const std::set<std::string>& names) {
    Json object = Json::object();
    for (const std::string& name : names) object[name] = 1;
    return object;
  };
  return Json{{"allowed", keys(closure.allowed)},
              {"installed", keys(closure.installed)},
              {"owners", closure.owners},
              {"places", closure.places},
              {"unsure", closure.unsure}};
}

}  // namespace muster::preflight
