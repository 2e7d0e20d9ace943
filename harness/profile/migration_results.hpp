#pragma once

#include <vector>

#include "preflight/migration_report.hpp"

namespace muster::profile {

/// A result for each error of the report, at its line: first what is wrong with a line, then what
/// is wrong with a file as a whole; then the warnings; a passed one for each file without either.
/// `check` is the finding's code. A report without files is a failure.
std::vector<preflight::CheckResult> migration_results(const preflight::MigrationReport& report);

}  // namespace muster::profile
