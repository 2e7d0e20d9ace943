#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "runtimes/database.hpp"
#include "runtimes/runtime.hpp"

namespace muster::runtimes {

/// One of the files in migrations/<dialect>, embedded when the library was built.
struct Migration {
  std::string version;  ///< leading digits of its file's name
  std::string name;
  std::string up;
  std::string down;
};

/// All of them, in the order in which they are applied.
const std::vector<Migration>& migrations(Dialect dialect);

/// The runtimes that a new database starts with: python, nodejs, shell, native, ruby, go, java,
/// perl, r.
const std::vector<Runtime>& core_pack();

struct Migrated {
  std::vector<std::string> applied;  ///< versions, now
  bool was_new = false;              ///< no migration had been applied before
};

/// Applies what is missing, in order, and records it in `schema_migrations` as dbmate does; `seed`
/// then fills a database that was new. All of it happens or nothing, and two processes may ask for
/// it at once. Stops behind the version `up_to` when that is given. Errors of Database, and
/// `newer_schema` when a migration is recorded that this library does not know.
Result<Migrated> migrate(Database& database,
                         const std::function<Result<void>(Database&)>& seed = nullptr,
                         const std::string& up_to = {});

/// Undoes the latest migration. False when there is none.
Result<bool> roll_back(Database& database);

}  // namespace muster::runtimes
