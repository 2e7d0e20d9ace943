#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

/// What a Python project says of itself: pyproject.toml (PEP 621 and the tables of setuptools,
/// Poetry and Hatch that say the same), and its folders.
namespace muster::preflight {

/// A requirement as written, e.g. `uvicorn[standard] >= 0.20; python_version > "3.8"`.
struct DeclaredRequirement {
  std::string text;
  Place place;
};

/// `name = "module:object [extra]"` of a table of entry points.
struct EntryPoint {
  std::string group;  ///< `scripts`, `gui-scripts`, or the group's own name
  std::string name;
  std::string module;
  std::string object;  ///< dotted; empty: the module itself
  std::string text;    ///< the whole value
  Place place;
  std::string problem;  ///< why the value is none, or empty
};

struct PyProject {
  bool present = false;  ///< there is a pyproject.toml
  std::string file;      ///< its absolute path
  std::string name;      ///< as declared; may be empty
  /// Production dependencies are known: `[project]` lists them, or says in which file they are.
  bool dependencies_known = false;
  std::string dependencies_unknown;  ///< why not
  std::vector<DeclaredRequirement> dependencies;
  std::map<std::string, std::vector<DeclaredRequirement>> optional;  ///< by normalised extra
  std::vector<EntryPoint> entry_points;
  std::vector<std::string> packages;       ///< declared by name, dotted
  std::vector<std::string> package_roots;  ///< folders that hold them, below the project
  std::vector<Error> problems;             ///< of requirement files and the like
};

/// Reads pyproject.toml of the folder `project`; one that is absent is not `present`. Error
/// `pyproject` with its place.
Result<PyProject> read_pyproject(const std::string& project);

/// The folders that go in front of the interpreter's path, absolute: `package_roots`, else `src`
/// where the packages stand in it, else the project.
std::vector<std::string> default_search_paths(const std::string& project,
                                              const PyProject& pyproject);

/// Every module of the packages of a project, dotted and sorted: without tests, documentation,
/// environments, `__main__`, `setup` and `conftest`.
std::vector<std::string> project_modules(const std::string& project);

/// A distribution's or extra's name as PEP 503 compares it: lower case, runs of `-_.` become `-`.
std::string normalised_name(std::string_view name);

}  // namespace muster::preflight
