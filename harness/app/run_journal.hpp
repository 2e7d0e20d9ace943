#pragma once

#include <string>

#include "app/run_reports.hpp"
#include "base/result.hpp"
#include "journal/journal.hpp"

namespace muster::app {

/// The directory of a new run of the project, where the environment wants it. Errors: those of
/// journal::runtime_directory and Journal::begin.
Result<journal::Journal> begin_journal(const std::string& project, const std::string& plan_digest);

/// Words for people, the end of the reports and of the journal; the exit code: 0 passed, 1 failed
/// (also when something could not be written), 2 interrupted. `words`: why the run as a whole
/// failed, if it did.
int conclude_run(RunReports& reports, journal::Journal& journal, bool passed, bool interrupted,
                 const std::string& words);

}  // namespace muster::app
