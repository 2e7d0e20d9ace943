#pragma once

#include <string>
#include <vector>

#include "preflight/migration_check.hpp"
#include "preflight/migration_folder.hpp"

namespace muster::preflight {

/// Fills `application` of each file with what the application's own runner makes of it. A runner
/// that fails, prints something else or leaves a file out is a finding of the folder.
void read_as_application(const std::string& dir, const std::vector<MigrationInput>& inputs,
                         const ApplicationRunner& runner, const Deadline& deadline,
                         MigrationReport& report);

}  // namespace muster::preflight
