#include <algorithm>
#include <map>

#include "preflight/import_check.hpp"
#include "preflight/import_interpreter.hpp"

namespace muster::preflight {
namespace {

bool is_script(const EntryPoint& point) {
  return point.group == "scripts" || point.group == "gui-scripts";
}

std::string table_of(const EntryPoint& point) {
  return is_script(point) ? "[project." + point.group + "]"
                          : "[project.entry-points." + point.group + "]";
}

void fail(ImportResult& result, ImportKind kind, std::string missing, std::string found,
          std::string hint) {
  result.status = Status::failed;
  result.kind = kind;
  result.missing = std::move(missing);
  result.found = std::move(found);
  result.hint = std::move(hint);
}

/// The import of its module as the outcome of the entry point.
ImportResult judge(const EntryPoint& point, const ImportResult& import) {
  ImportResult result = import;
  result.module = point.module + (point.object.empty() ? "" : ":" + point.object);
  result.expected = point.name + " of " + table_of(point) + " usable";
  result.attributes.clear();
  if (result.place.line == 0) result.place = point.place;
  if (import.status == Status::failed) {
    // The declaration is to blame when nothing stands where it points.
    if (import.kind == ImportKind::target_missing) result.place = point.place;
    return result;
  }
  if (point.object.empty()) return result;
  const auto found =
      std::find_if(import.attributes.begin(), import.attributes.end(),
                   [&point](const ImportAttribute& a) { return a.name == point.object; });
  result.place = point.place;
  if (found == import.attributes.end() || !found->found) {
    const std::string nearest = found == import.attributes.end() ? "" : found->nearest;
    fail(result, ImportKind::attribute_missing, point.object,
         point.module + " has no " + point.object,
         nearest.empty() ? "define it, or correct the entry point"
                         : "did you mean " + nearest + "?");
    return result;
  }
  result.attributes.push_back(*found);
  if (is_script(point) && !found->callable)
    fail(result, ImportKind::not_callable, point.object,
         point.object + " is of type " + found->type + ", which can not be called",
         "a script calls what its entry point names without arguments");
  return result;
}

ImportResult malformed(const EntryPoint& point) {
  ImportResult result;
  result.module = point.name;
  result.expected = "module:object in " + table_of(point);
  result.place = point.place;
  fail(result, ImportKind::attribute_missing, point.text.empty() ? point.name : point.text,
       "\"" + point.text + "\" " + point.problem, "write it as \"package.module:function\"");
  return result;
}

}  // namespace

ImportReport check_entry_points(const std::string& project, const ImportOptions& options) {
  const Result<PyProject> pyproject = read_pyproject(project);
  if (!pyproject) return failed_report(project, pyproject.error());
  if (pyproject->entry_points.empty()) {
    ImportReport report;
    report.context.project = project;
    report.failures.push_back(nothing_checked(
        "entry points", "at least one entry point in pyproject.toml",
        pyproject->present ? "declare it in [project.scripts]" : "write a pyproject.toml"));
    return report;
  }
  Result<ImportSession> session = ImportSession::start(project, options);
  if (!session) return failed_report(project, session.error());

  // A module of several entry points is imported once.
  std::map<std::string, std::vector<std::string>> objects;
  for (const EntryPoint& point : pyproject->entry_points) {
    if (!point.problem.empty()) continue;
    std::vector<std::string>& list = objects[point.module];
    if (!point.object.empty()) list.push_back(point.object);
  }
  for (const auto& [module, list] : objects) session->begin(module, list);
  ImportReport report = session->report();
  std::map<std::string, ImportResult> imports;
  for (ImportResult& result : report.results) imports[result.module] = std::move(result);
  report.results.clear();
  report.failures.clear();
  for (const EntryPoint& point : pyproject->entry_points)
    report.results.push_back(point.problem.empty() ? judge(point, imports.at(point.module))
                                                   : malformed(point));
  return report;
}

}  // namespace muster::preflight
