#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::runtimes {

enum class Dialect { sqlite, postgres };

/// A value in its text form; nullopt is NULL. Truth goes in as `1` and `0`.
using Value = std::optional<std::string>;
using Row = std::vector<Value>;

/// How far a script came.
struct ScriptEnd {
  std::optional<Error> failed;  ///< none: all of it was run
  std::size_t completed = 0;    ///< statements before the one that failed
  std::size_t position = 0;  ///< of the failure, in code points from 1; 0: the database names none
};

/// One connection to a database, used by one thread at a time. Errors: `already_exists` (a unique
/// key), `missing_reference` (a foreign key), `refused_value` (a check, a null, a malformed value),
/// `database_busy`, `database_timeout`, `database_unavailable`, `database_failed`.
class Database {
 public:
  virtual ~Database() = default;
  virtual Dialect dialect() const = 0;

  /// Runs one statement; `$1`, `$2`, … stand for `parameters`.
  virtual Result<std::vector<Row>> run(const std::string& sql, const Row& parameters = {}) = 0;

  /// Runs statements one after another, up to the first that fails.
  virtual ScriptEnd follow(const std::string& sql) = 0;

  /// The same, for who need not know how far it came.
  Result<void> script(const std::string& sql) {
    ScriptEnd end = follow(sql);
    if (end.failed) return std::move(*end.failed);
    return {};
  }
};

/// An SQLite file, made when it is missing (`:memory:` for none), with foreign keys checked. Waits
/// up to 5 s for another writer.
Result<std::unique_ptr<Database>> open_sqlite(const std::string& file);

/// An SQLite file that is there, of which nothing can be changed.
Result<std::unique_ptr<Database>> open_sqlite_read_only(const std::string& file);

/// A PostgreSQL server, by a libpq connection string or URL; `database` goes before the one it
/// names. Every statement ends within `within`, also when the server hangs; the connection is then
/// given up, and made anew by the next one outside a transaction.
Result<std::unique_ptr<Database>> open_postgres(
    const std::string& connection, std::chrono::milliseconds within = std::chrono::seconds(10),
    const std::string& database = {});

/// All or nothing: what is not committed is rolled back. Not to be nested.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Whether it has begun.
  const Result<void>& begun() const { return begun_; }
  Result<void> commit();

 private:
  Database& database_;
  Result<void> begun_;
  bool open_ = false;
};

}  // namespace muster::runtimes
