#pragma once

#include <string>

#include "base/result.hpp"
#include "journal/reader.hpp"

namespace muster::app {

/// The run that `name` means: `latest` or empty, an id, or the path of a run directory. Runs are
/// looked for in the runtime directory, in the scope of the project at `project` (empty: where the
/// command was started). Errors of RunRecord::open; the hint names the runs that there are.
Result<journal::RunRecord> recorded_run(const std::string& name, const std::string& project);

}  // namespace muster::app
