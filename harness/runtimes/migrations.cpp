#include "runtimes/migrations.hpp"

#include <algorithm>
#include <set>

namespace muster::runtimes {
namespace {

struct Embedded {
  const char* dialect;
  const char* file;
  const char* text;
};

/// Made from the files by ci/cmake/runtimes.cmake: `migration_files` and `core_pack_json`.
#include MUSTER_RUNTIMES_EMBEDDED

constexpr const char* down_marker = "-- migrate:down\n";

/// Whoever migrates holds this lock on the server.
constexpr const char* lock = "SELECT pg_advisory_xact_lock(5297437281)";

Migration read(const Embedded& file) {
  const std::string name = file.file;
  const std::string text = file.text;
  const std::size_t digits = name.find('_');
  const std::size_t down = text.find(down_marker);
  return {name.substr(0, digits), name.substr(digits + 1, name.rfind('.') - digits - 1),
          text.substr(0, down), text.substr(down)};
}

std::vector<Migration> of_dialect(const std::string& dialect) {
  std::vector<Migration> found;
  for (const Embedded& file : migration_files) {
    if (file.dialect == dialect) found.push_back(read(file));
  }
  std::sort(found.begin(), found.end(),
            [](const Migration& a, const Migration& b) { return a.version < b.version; });
  return found;
}

/// A transaction in which nobody else migrates.
Result<void> begin_alone(Database& database, const Transaction& transaction) {
  if (!transaction.begun()) return transaction.begun();
  if (database.dialect() == Dialect::sqlite) return {};
  return database.script(lock);
}

Result<std::set<std::string>> recorded(Database& database) {
  const Result<std::vector<Row>> rows = database.run("SELECT version FROM schema_migrations");
  if (!rows) return rows.error();
  std::set<std::string> versions;
  for (const Row& row : *rows) versions.insert(row.at(0).value_or(""));
  return versions;
}

Result<void> check_known(const std::vector<Migration>& known,
                         const std::set<std::string>& versions) {
  for (const std::string& version : versions) {
    const bool found = std::any_of(known.begin(), known.end(), [&version](const Migration& each) {
      return each.version == version;
    });
    if (!found) {
      return error(
          "newer_schema",
          "the database has the migration " + version + ", which this muster does not know",
          "use a muster that is not older than the one that made it");
    }
  }
  return {};
}

Result<void> apply(Database& database, const Migration& migration) {
  if (Result<void> done = database.script(migration.up); !done) {
    Error failed = done.error();
    failed.message =
        "migration " + migration.version + "_" + migration.name + ": " + failed.message;
    return failed;
  }
  const Result<std::vector<Row>> noted =
      database.run("INSERT INTO schema_migrations(version) VALUES ($1)", {migration.version});
  if (!noted) return noted.error();
  return {};
}

}  // namespace

const std::vector<Migration>& migrations(Dialect dialect) {
  static const std::vector<Migration> sqlite = of_dialect("sqlite");
  static const std::vector<Migration> postgres = of_dialect("postgres");
  return dialect == Dialect::sqlite ? sqlite : postgres;
}

const std::vector<Runtime>& core_pack() {
  static const std::vector<Runtime> pack = [] {
    std::vector<Runtime> rows;
    for (const Json& row : parse_json(core_pack_json).value_or_throw())
      rows.push_back(runtime_from_json(row).value_or_throw());
    return rows;
  }();
  return pack;
}

Result<Migrated> migrate(Database& database, const std::function<Result<void>(Database&)>& seed,
                         const std::string& up_to) {
  const std::vector<Migration>& known = migrations(database.dialect());
  Transaction transaction(database);
  if (Result<void> alone = begin_alone(database, transaction); !alone) return alone.error();
  if (Result<void> made = database.script(
          "CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY)");
      !made)
    return made.error();
  const Result<std::set<std::string>> versions = recorded(database);
  if (!versions) return versions.error();
  if (Result<void> checked = check_known(known, *versions); !checked) return checked.error();
  Migrated migrated;
  migrated.was_new = versions->empty();
  for (const Migration& migration : known) {
    if (!up_to.empty() && migration.version > up_to) break;
    if (versions->contains(migration.version)) continue;
    if (Result<void> done = apply(database, migration); !done) return done.error();
    migrated.applied.push_back(migration.version);
  }
  if (migrated.was_new && seed) {
    if (Result<void> seeded = seed(database); !seeded) return seeded.error();
  }
  if (Result<void> done = transaction.commit(); !done) return done.error();
  return migrated;
}

Result<bool> roll_back(Database& database) {
  const std::vector<Migration>& known = migrations(database.dialect());
  Transaction transaction(database);
  if (Result<void> alone = begin_alone(database, transaction); !alone) return alone.error();
  const Result<std::set<std::string>> versions = recorded(database);
  if (!versions) return versions.error();
  if (versions->empty()) return false;
  if (Result<void> checked = check_known(known, *versions); !checked) return checked.error();
  const std::string latest = *versions->rbegin();
  const auto migration = std::find_if(known.begin(), known.end(), [&latest](const Migration& each) {
    return each.version == latest;
  });
  if (Result<void> done = database.script(migration->down); !done) return done.error();
  const Result<std::vector<Row>> noted =
      database.run("DELETE FROM schema_migrations WHERE version = $1", {latest});
  if (!noted) return noted.error();
  if (Result<void> done = transaction.commit(); !done) return done.error();
  return true;
}

}  // namespace muster::runtimes
