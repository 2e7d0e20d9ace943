#include "profile/migration_results.hpp"

#include <algorithm>

namespace muster::profile {

using preflight::CheckResult;
using preflight::Finding;
using preflight::Level;
using preflight::Status;

namespace {

CheckResult of_file(const std::string& path) {
  CheckResult result;
  result.subject = path;
  result.check = "migration";
  result.expected = "a migration that dbmate, the application and the database read alike";
  result.place.uri = path;
  return result;
}

void add(std::vector<CheckResult>& results, const std::string& path,
         const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.level == Level::note) continue;
    CheckResult result = of_file(path);
    result.check = finding.code;
    result.status = finding.level == Level::error ? Status::failed : Status::warned;
    result.found = finding.message;
    result.place.line = finding.line;
    result.hint = finding.hint;
    // two dialects may say the same
    const bool told = std::any_of(results.begin(), results.end(), [&](const CheckResult& other) {
      return other.check == result.check && other.place == result.place &&
             other.found == result.found;
    });
    if (!told) results.push_back(std::move(result));
  }
}

/// Errors of a line, errors of a file, warnings, all else.
int rank(const CheckResult& result) {
  if (result.status == Status::failed) return result.place.line > 0 ? 0 : 1;
  return result.status == Status::warned ? 2 : 3;
}

}  // namespace

std::vector<CheckResult> migration_results(const preflight::MigrationReport& report) {
  std::vector<CheckResult> results;
  add(results, report.dir, report.findings);
  const bool said = std::any_of(results.begin(), results.end(),
                                [](const auto& result) { return result.status == Status::failed; });
  if (report.files.empty() && !said)
    results.push_back(
        preflight::nothing_checked(report.dir, "migration files", "zero files prove nothing"));
  for (const auto& file : report.files) {
    const std::string path = report.dir + "/" + file.file;
    const std::size_t before = results.size();
    add(results, path, file.findings);
    if (results.size() == before) results.push_back(of_file(path));
  }
  std::stable_sort(results.begin(), results.end(),
                   [](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return results;
}

}  // namespace muster::profile
