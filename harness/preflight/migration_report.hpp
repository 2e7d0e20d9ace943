#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "preflight/check.hpp"
#include "preflight/migration_grammar.hpp"
#include "preflight/migration_lexer.hpp"

namespace muster::preflight {

enum class Level { note, warning, error };

/// `note`, `warning`, `error`.
std::string_view name_of(Level level);

struct Finding {
  int line = 0;  ///< in the file; 0: of the file or folder as a whole
  Level level = Level::error;
  std::string code;     ///< stable name, e.g. `missing-terminator`
  std::string message;  ///< lower-case sentence
  std::string hint;
};

/// A section of a file with what its blocks hold.
struct SectionReport {
  MigrationSection blocks;
  std::size_t up_statements = 0;
  std::size_t down_statements = 0;
};

struct FileReport {
  std::string file;  ///< name within the folder
  std::string version;
  bool dbmate_ok = false;
  std::string dbmate_error;         ///< dbmate's sentence
  std::string application;          ///< `ok`, `skipped` or `error`
  std::string application_message;  ///< what its runner said
  std::vector<SectionReport> sections;
  std::vector<Finding> findings;  ///< by line
};

struct MigrationReport {
  std::string dir;
  std::vector<Dialect> dialects;
  std::vector<FileReport> files;  ///< in the order in which dbmate applies them
  std::vector<Finding> findings;  ///< about the folder
  /// What was done on databases beyond reading, by the dialect's name: `applied: 5 of 5 files`.
  std::map<std::string, std::string> round_trips;
  std::chrono::nanoseconds duration{};

  /// At least one file, and no finding of level error.
  bool ok() const;
  std::size_t count(Level level) const;
};

/// `{files: [{file, version, dbmate, dbmate_error?, application, application_message?, sections:
/// [{up, down, transaction, down_transaction, line, down_line, statements, down_statements}],
/// findings: [{line, level, code, message, hint?}]}], findings, dialects, round_trips, ok}`.
/// `transaction` and `statements` are of UP.
Json to_json(const MigrationReport& report);

/// A line for each file with its findings below it as `file:line: level: message`, then a tally.
std::string render(const MigrationReport& report);

/// One result per file: its first error, else its first warning, else passed. A folder's error
/// comes first; no file at all is a failure.
std::vector<CheckResult> check_results(const MigrationReport& report);

}  // namespace muster::preflight
