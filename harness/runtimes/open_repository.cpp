#include <filesystem>

#include "base/text.hpp"
#include "runtimes/migrations.hpp"
#include "runtimes/sql_repository.hpp"

namespace muster::runtimes {
namespace {

bool is_server(const std::string& where) {
  return where.starts_with("postgres://") || where.starts_with("postgresql://");
}

Result<std::unique_ptr<Database>> open(const std::string& where, std::chrono::milliseconds within) {
  if (is_server(where)) return open_postgres(where, within);
  const std::filesystem::path folder = std::filesystem::path(where).parent_path();
  std::error_code failed;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) {
    return error("database_unavailable",
                 "cannot make " + printable(folder.string()) + ": " + failed.message());
  }
  return open_sqlite(where);
}

}  // namespace

std::unique_ptr<Repository> make_repository(std::unique_ptr<Database> database,
                                            const Clock& clock) {
  return std::make_unique<SqlRepository>(std::move(database), clock);
}

Result<std::unique_ptr<Repository>> open_repository(const std::string& where, const Clock& clock,
                                                    std::chrono::milliseconds within) {
  Result<std::unique_ptr<Database>> database = open(where, within);
  if (!database) return database.error();
  const auto seed = [&clock](Database& fresh) -> Result<void> {
    for (const Runtime& runtime : core_pack()) {
      if (Result<void> made = insert(fresh, runtime, to_rfc3339(clock.wall())); !made) return made;
    }
    return {};
  };
  const Result<Migrated> migrated = migrate(**database, seed);
  if (!migrated) return migrated.error();
  return make_repository(std::move(*database), clock);
}

Result<std::vector<Runtime>> stored_runtimes(const std::string& where) {
  Result<std::unique_ptr<Database>> database =
      is_server(where) ? open_postgres(where) : open_sqlite_read_only(where);
  if (!database) return database.error();
  Database& rows = **database;
  if (const auto there = rows.run("SELECT ref FROM runtime LIMIT 1"); !there) {
    if (there.error().code != "database_failed") return there.error();
    return error(
        "no_runtimes", "the table runtime cannot be read: " + there.error().message,
        "its schema is in the migrations of muster; muster runtimes --migrate applies them");
  }
  return make_repository(std::move(*database))->all();
}

}  // namespace muster::runtimes
