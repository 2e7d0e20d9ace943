#include <sqlite3.h>

#include <algorithm>

#include "base/text.hpp"
#include "runtimes/database.hpp"

namespace muster::runtimes {
namespace {

constexpr std::chrono::milliseconds busy_timeout{5'000};

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

const char* code_of(int failure) {
  switch (failure) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return "already_exists";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "missing_reference";
    default:
      break;
  }
  switch (failure & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return "refused_value";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "database_busy";
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "database_unavailable";
    default:
      return "database_failed";
  }
}

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(sqlite3* handle) : handle_(handle) {}
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  ~SqliteDatabase() override { sqlite3_close_v2(handle_); }

  Dialect dialect() const override { return Dialect::sqlite; }

  Result<std::vector<Row>> run(const std::string& sql, const Row& parameters) override {
    sqlite3_stmt* prepared = nullptr;
    const int size = static_cast<int>(sql.size());
    if (sqlite3_prepare_v2(handle_, sql.c_str(), size, &prepared, nullptr) != SQLITE_OK)
      return failure();
    const Statement statement(prepared);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const std::string name = "$" + std::to_string(i + 1);
      const int place = sqlite3_bind_parameter_index(statement.get(), name.c_str());
      if (place == 0 || !parameters[i]) continue;  // unbound is NULL
      if (sqlite3_bind_text64(statement.get(), place, parameters[i]->data(), parameters[i]->size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK)
        return failure();
    }
    std::vector<Row> rows;
    for (;;) {
      const int stepped = sqlite3_step(statement.get());
      if (stepped == SQLITE_DONE) return rows;
      if (stepped != SQLITE_ROW) return failure();
      rows.push_back(row_of(statement.get()));
    }
  }

  ScriptEnd follow(const std::string& sql) override {
    ScriptEnd end;
    const char* const all = sql.c_str();
    for (const char* rest = all; *rest != '\0';) {
      sqlite3_stmt* prepared = nullptr;
      const char* next = nullptr;
      if (sqlite3_prepare_v2(handle_, rest, -1, &prepared, &next) != SQLITE_OK) {
        const int offset = sqlite3_error_offset(handle_);
        end.failed = failure();
        const std::size_t before = static_cast<std::size_t>(rest - all + std::max(offset, 0));
        if (offset >= 0) end.position = code_points(std::string_view(sql).substr(0, before)) + 1;
        return end;
      }
      rest = next;
      if (prepared == nullptr) continue;  // blanks and comments
      const Statement statement(prepared);
      int stepped = SQLITE_ROW;
      while (stepped == SQLITE_ROW) stepped = sqlite3_step(prepared);
      if (stepped != SQLITE_DONE) {
        end.failed = failure();
        return end;
      }
      ++end.completed;
    }
    return end;
  }

  Error failure() const {
    return error(code_of(sqlite3_extended_errcode(handle_)),
                 std::string("SQLite: ") + printable(sqlite3_errmsg(handle_)));
  }
  Error cannot_open(const std::string& file) const {
    Error why = failure();
    why.message = "cannot open " + printable(file) + ": " + why.message;
    return why;
  }

 private:
  static Row row_of(sqlite3_stmt* statement) {
    Row row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      if (text == nullptr) {
        row.emplace_back();
      } else {
        row.emplace_back(
            std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i))));
      }
    }
    return row;
  }

  sqlite3* handle_;
};

Result<std::unique_ptr<SqliteDatabase>> open(const std::string& file, int flags) {
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  auto database = std::make_unique<SqliteDatabase>(handle);
  if (opened != SQLITE_OK) return database->cannot_open(file);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout.count()));
  return database;
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& file) {
  auto database = open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!database) return database.error();
  if (!(*database)->script("PRAGMA foreign_keys = ON")) return (*database)->cannot_open(file);
  // Readers and a writer at once, as a console and its workers are. Who changes the mode while
  // another opens is told busy without having waited.
  const auto deadline = std::chrono::steady_clock::now() + busy_timeout;
  for (;;) {
    const Result<void> set = (*database)->script("PRAGMA journal_mode = WAL");
    if (set.ok()) break;
    if (set.error().code != "database_busy" || std::chrono::steady_clock::now() >= deadline)
      return (*database)->cannot_open(file);
    sqlite3_sleep(5);
  }
  return std::unique_ptr<Database>(std::move(*database));
}

Result<std::unique_ptr<Database>> open_sqlite_read_only(const std::string& file) {
  auto database = open(file, SQLITE_OPEN_READONLY);
  if (!database) return database.error();
  // a file that is no database is seen by the first statement only
  if (!(*database)->run("SELECT count(*) FROM sqlite_master", {}))
    return (*database)->cannot_open(file);
  return std::unique_ptr<Database>(std::move(*database));
}

}  // namespace muster::runtimes
