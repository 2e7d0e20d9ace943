#include <filesystem>

#include "base/text.hpp"
#include "runtimes/migrations.hpp"
#include "runtimes/sql_repository.hpp"

namespace muster::runtimes {
namespace {

Result<std::unique_ptr<Database>> open(const std::string& where) {
  if (where.starts_with("postgres://") || where.starts_with("postgresql://"))
    return open_postgres(where);
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

Result<std::unique_ptr<Repository>> open_repository(const std::string& where, const Clock& clock) {
  Result<std::unique_ptr<Database>> database = open(where);
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

}  // namespace muster::runtimes
