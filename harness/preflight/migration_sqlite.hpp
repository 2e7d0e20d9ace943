#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "preflight/check.hpp"
#include "preflight/migration_report.hpp"

struct sqlite3;

namespace muster::preflight {

/// An empty database in memory that can reach nothing outside: no file is attached, no extension
/// loaded, and a statement that runs past the deadline is interrupted.
class MemoryDatabase {
 public:
  explicit MemoryDatabase(const Deadline& deadline);
  ~MemoryDatabase();
  MemoryDatabase(const MemoryDatabase&) = delete;
  MemoryDatabase& operator=(const MemoryDatabase&) = delete;

  struct Failure {
    std::size_t offset = 0;  ///< in bytes of what was given
    std::string message;
    bool syntax = false;  ///< refused by the grammar, whatever the schema
  };

  /// Compiles every statement of `sql` without running it: the first one that the grammar refuses.
  /// An unknown table is no matter of grammar, though it may end the reading early.
  std::optional<Failure> parse(const std::string& sql);

  /// Runs every statement of `sql`: the first failure.
  std::optional<Failure> run(const std::string& sql);

  /// `type name: definition`, sorted, with blanks and quotes of names normalized.
  std::vector<std::string> schema();

 private:
  std::optional<Failure> one(const std::string& sql, bool run);
  ::sqlite3* database_ = nullptr;
};

/// Checks the blocks of all files. With `round_trip` they are applied to one database in the order
/// of `files`, each file's UP, DOWN and UP again, as dbmate would, and the schema is compared after
/// each; a file after an UP that failed is only read.
void check_sqlite(std::vector<FileReport>& files, bool round_trip, const Deadline& deadline);

}  // namespace muster::preflight
