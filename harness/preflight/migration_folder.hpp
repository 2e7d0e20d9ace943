#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/migration_report.hpp"

namespace muster::preflight {

/// A file of the folder that dbmate takes for a migration, with its bytes.
struct MigrationInput {
  std::string file;
  std::string version;
  std::string contents;
  std::string unreadable;  ///< why it could not be read, or empty
};

/// The migrations of `dir` in dbmate's order (by name, bytewise). What dbmate passes over though it
/// looks like one, and a folder without any, are findings. Error `no_folder`.
Result<std::vector<MigrationInput>> read_migrations(const std::string& dir,
                                                    std::vector<Finding>& findings);

/// Versions: given twice, no date, sorted otherwise as numbers than as names. Findings go to the
/// files, which stand in the order of `inputs`.
void check_versions(std::vector<FileReport>& files);

/// Compares with what is recorded as applied: version → SHA-256 (hex) of the file at that time.
void check_applied(const std::vector<MigrationInput>& inputs,
                   const std::map<std::string, std::string>& applied,
                   std::vector<FileReport>& files, std::vector<Finding>& findings);

}  // namespace muster::preflight
