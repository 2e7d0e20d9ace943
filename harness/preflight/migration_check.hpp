#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "preflight/migration_report.hpp"
#include "preflight/migration_trip.hpp"

namespace muster::preflight {

/// How the application itself reads the folder at its start.
struct ApplicationRunner {
  /// A program that is given the folder as its last argument and prints a line of JSON for each
  /// file, `{"file": NAME, "application": "ok"|"skipped"|"error", "message"?}`. Empty:
  /// skip-silently, a reader that takes the text below a line `-- migrate:up` and passes over files
  /// without such a line.
  std::vector<std::string> command;
  std::string cwd;  ///< of the command; empty: the folder
};

struct MigrationOptions {
  std::vector<Dialect> dialects{Dialect::postgres};  ///< each block is checked by each of them
  ApplicationRunner runner;
  std::map<std::string, std::string> applied;  ///< version → SHA-256 (hex) of the applied file
  bool round_trip = true;                      ///< SQLite: UP, DOWN, UP for real
  /// The same on a PostgreSQL server. Without it PostgreSQL is only parsed, and the report says so.
  OpenTripDatabase postgres;
  /// Of a block whose last statement has no `;`: dbmate and the databases take it, a runner that
  /// joins blocks or a later line does not.
  Level unterminated_block = Level::error;
  std::chrono::milliseconds timeout{30'000};  ///< for all of it
};

/// Checks the folder `dir`: dbmate's grammar, the application's reading, versions, and the SQL of
/// each block. Never throws for what is in the folder; blocks for at most the timeout and the time
/// of one statement.
MigrationReport check_migrations(const std::string& dir, const MigrationOptions& options = {});

}  // namespace muster::preflight
