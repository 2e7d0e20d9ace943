#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "preflight/check.hpp"
#include "preflight/import_project.hpp"
#include "preflight/import_requirement.hpp"

/// What a deployment has: the distributions that the production dependencies of pyproject.toml lead
/// to, and the modules that are theirs.
namespace muster::preflight {

/// What an interpreter says of itself.
struct InterpreterFacts {
  std::string version;
  std::string executable;
  std::vector<std::string> path;     ///< its sys.path
  std::vector<std::string> stdlib;   ///< folders of the standard library
  std::vector<std::string> modules;  ///< names of the standard library, as far as it knows them
  Markers markers;
};

struct ProductionClosure {
  bool enforced = false;
  std::string reason;             ///< why not
  std::set<std::string> allowed;  ///< normalised names
  std::set<std::string> installed;
  std::map<std::string, std::vector<std::string>> owners;  ///< module → distributions
  std::map<std::string, std::string> places;  ///< folder, ended by a slash → distribution
  /// Something allowed does not say which modules it has, so what is nobody's may be its own.
  bool unsure = false;
  std::vector<CheckResult> declarations;  ///< what is declared and not installed, or not read
};

/// Follows the requirements from those of the project (with its optional ones named in `extras`)
/// through what is installed. Environment markers and extras are evaluated (PEP 508).
ProductionClosure production_closure(const PyProject& pyproject, const InterpreterFacts& facts,
                                     const std::vector<std::string>& extras);

/// `{allowed, installed, owners, places, unsure}` as import_autopsy.py takes it.
Json gate_of(const ProductionClosure& closure);

}  // namespace muster::preflight
