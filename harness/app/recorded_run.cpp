#include "app/recorded_run.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "app/environment.hpp"
#include "app/project_folder.hpp"
#include "base/text.hpp"
#include "journal/location.hpp"

namespace muster::app {
namespace {

constexpr std::size_t kNamed = 5;  // runs that a hint lists

/// `…/<scope>/runs/<id>` is what a run directory is called.
Result<journal::RunRecord> at_path(const std::string& path) {
  std::error_code failed;
  const auto directory = std::filesystem::canonical(path, failed);
  if (failed) return error("run_missing", "there is no run directory " + path);
  const auto runs = directory.parent_path();
  const auto scope = runs.parent_path();
  if (runs.filename() != "runs" || !journal::is_run_id(directory.filename().string()))
    return error("run_missing", path + " is no run directory",
                 "it is called …/repo-<hex>/runs/<id>");
  return journal::RunRecord::open(scope.parent_path().string(), scope.filename().string(),
                                  directory.filename().string());
}

std::string runs_there_are(const std::string& runtime, const std::string& scope) {
  auto ids = journal::run_ids(runtime, scope);
  if (!ids || ids->empty()) return "no run was recorded for this project yet";
  std::reverse(ids->begin(), ids->end());
  if (ids->size() > kNamed) ids->resize(kNamed);
  return "the last runs are " + join(*ids, ", ");
}

}  // namespace

Result<journal::RunRecord> recorded_run(const std::string& name, const std::string& project) {
  if (name.find('/') != std::string::npos) return at_path(name);
  auto folder = project_folder(project);
  if (!folder) return folder.error();
  auto runtime = journal::runtime_directory(environment_variable);
  if (!runtime) return runtime.error();
  const std::string scope = journal::scope_of(*folder);
  if (!name.empty() && name != "latest" && !journal::is_run_id(name))
    return error("run_missing", "`" + printable(name) + "` is no run",
                 runs_there_are(*runtime, scope));
  auto record = journal::RunRecord::open(*runtime, scope, name == "latest" ? "" : name);
  if (record) return record;
  Error failed = std::move(record).error();
  if (failed.hint.empty()) failed.hint = runs_there_are(*runtime, scope);
  return failed;
}

}  // namespace muster::app
