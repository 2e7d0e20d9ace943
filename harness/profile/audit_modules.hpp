#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "profile/settings.hpp"

namespace muster::profile {

/// An import statement that runs when its module is imported.
struct ModuleImport {
  std::string module;              ///< absolute, dotted
  std::vector<std::string> names;  ///< of `from module import …`
  int line = 0;                    ///< first and last line of the statement, from 1
  int end = 0;
  bool optional = false;  ///< the module says what happens without it
};

/// A name that a module has after its import.
struct ModuleName {
  std::string name;
  int line = 0;
};

/// A name that a module takes of another one while it is imported, as a base class.
struct ModuleUse {
  std::string module;  ///< absolute, dotted; may be none of the project
  std::string name;
};

/// A module of the project, read but not imported.
struct ModuleSource {
  std::string file;  ///< below the project
  int top = 1;       ///< the line in front of which an import can be put
  std::vector<ModuleImport> imports;
  std::vector<ModuleName> definitions;
  std::vector<ModuleUse> uses;
  std::string problem;  ///< why it could not be read, e.g. a SyntaxError; or empty
};

/// What the modules of a project import, and who provides the rest.
struct ModuleGraph {
  std::map<std::string, ModuleSource> modules;                    ///< by dotted name
  std::map<std::string, std::vector<std::string>> distributions;  ///< of a top-level module
  std::map<std::string, std::vector<std::string>> requirements;   ///< of a distribution

  /// Every module of the project that is imported when those of `names` are, themselves included.
  std::set<std::string> reached_from(const std::set<std::string>& names) const;
};

/// Reads all modules that the project ships, by its own interpreter's parser. Errors
/// `modules_unread`, and those of preflight::run_program.
Result<ModuleGraph> read_modules(const Settings& settings);

}  // namespace muster::profile
