#include "runtimes/database.hpp"

namespace muster::runtimes {

Transaction::Transaction(Database& database) : database_(database) {
  // SQLite takes the write lock at once: a reader that turns writer could only fail.
  begun_ = database.script(database.dialect() == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
  open_ = begun_.ok();
}

Transaction::~Transaction() {
  if (open_) (void)database_.script("ROLLBACK");
}

Result<void> Transaction::commit() {
  if (!open_) return begun_;
  Result<void> done = database_.script("COMMIT");
  open_ = !done.ok();
  return done;
}

}  // namespace muster::runtimes
