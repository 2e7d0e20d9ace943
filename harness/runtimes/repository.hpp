#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "runtimes/database.hpp"
#include "runtimes/runtime.hpp"

namespace muster::runtimes {

/// A row of `runtime_version`: one version of a runtime that is installed.
struct RuntimeVersion {
  std::int64_t id = 0;
  std::int64_t runtime = 0;  ///< id of the runtime
  std::string version;       ///< as `parse_version` reads it
  std::optional<int> major;  ///< the numbers that were written; given by the repository
  std::optional<int> minor;
  std::optional<int> patch;
  Json distributions = Json::object();
  bool is_default = false;

  friend bool operator==(const RuntimeVersion&, const RuntimeVersion&) = default;
};

/// A row of `worker`: a process that runs actions or sensors.
struct Worker {
  std::int64_t id = 0;
  std::string name;
  std::string role = "action";    ///< `action`, `sensor`
  std::string status = "active";  ///< `active`, `inactive`, `draining`, `error`
  std::string host;
  Json capabilities = Json::object();  ///< see capabilities_of
  std::string last_heartbeat;          ///< RFC 3339, milliseconds, Z; empty: none
  std::string created;
  std::string updated;

  friend bool operator==(const Worker&, const Worker&) = default;
};

/// What of a worker changes.
struct WorkerChange {
  std::optional<std::string> status;
  std::optional<Json> capabilities;
  std::optional<std::string> last_heartbeat;
};

/// A row of `runtime_check`: what one verification of a runtime on a worker came to.
struct RuntimeCheck {
  std::int64_t id = 0;
  std::int64_t worker = 0;
  std::int64_t runtime = 0;
  bool available = false;
  std::string source;  ///< `env`, `config`, `database`
  std::string reason;  ///< as `to_string(Reason)`
  std::string binary_path;
  std::string version;
  std::optional<int> exit_code;
  std::optional<int> term_signal;
  int duration_ms = 0;
  std::string checked_at;

  friend bool operator==(const RuntimeCheck&, const RuntimeCheck&) = default;
};

/// The tables of this folder, in whichever database. One thread at a time. Errors: those of
/// Database, `not_found`, and what `check` and `parse_version` say of a row; a method that fails
/// has changed nothing.
class Repository {
 public:
  virtual ~Repository() = default;

  /// Stores a runtime and gives it back with id and times. Error `already_exists`.
  virtual Result<Runtime> create(const Runtime& runtime) = 0;
  virtual Result<Runtime> read(const std::string& ref) = 0;
  /// Every runtime, by ref.
  virtual Result<std::vector<Runtime>> all() = 0;
  virtual Result<std::vector<Runtime>> find_by_pack(const std::string& pack_ref) = 0;
  /// Stores every member of the runtime with `runtime.id`, also another ref.
  virtual Result<Runtime> update(const Runtime& runtime) = 0;
  /// With its versions and checks. Error `missing_reference` while an action or sensor uses it.
  virtual Result<void> remove(const std::string& ref) = 0;

  /// Adds a version to the runtime `ref`, or replaces its metadata. A new default replaces the one
  /// before.
  virtual Result<RuntimeVersion> put_version(const std::string& ref,
                                             const RuntimeVersion& version) = 0;
  /// Those of the runtime `ref`, by id.
  virtual Result<std::vector<RuntimeVersion>> versions(const std::string& ref) = 0;
  virtual Result<void> remove_version(const std::string& ref, const std::string& version) = 0;

  /// Adds a worker, or replaces role, status, host, capabilities and heartbeat of the one of that
  /// name.
  virtual Result<Worker> put_worker(const Worker& worker) = 0;
  /// Changes what `change` names and nothing else, so that two who change different things do not
  /// undo each other. Error `not_found`.
  virtual Result<Worker> change_worker(const std::string& name, const WorkerChange& change) = 0;
  virtual Result<Worker> worker(const std::string& name) = 0;
  /// Every worker, by name.
  virtual Result<std::vector<Worker>> workers() = 0;
  virtual Result<void> remove_worker(const std::string& name) = 0;

  /// Adds checks, all or none, and forgets those of a worker and runtime beyond the last 100.
  /// `checked_at` is now where it is empty.
  virtual Result<void> add_checks(const std::vector<RuntimeCheck>& checks) = 0;
  /// The latest check of each runtime on a worker, by runtime id.
  virtual Result<std::vector<RuntimeCheck>> latest_checks(std::int64_t worker) = 0;
};

/// The repository in an open database, whose schema is there.
std::unique_ptr<Repository> make_repository(std::unique_ptr<Database> database,
                                            const Clock& clock = system_clock());

/// Opens the database, applies the migrations it lacks, and gives a new one the core pack.
/// `where` is a PostgreSQL URL (`postgres://…`, `postgresql://…`) or else the path of an SQLite
/// file, in a folder that is made when it is missing. A server answers each statement `within`.
Result<std::unique_ptr<Repository>> open_repository(
    const std::string& where, const Clock& clock = system_clock(),
    std::chrono::milliseconds within = std::chrono::seconds(10));

/// The rows of a database that is there, which is not changed: no migration is applied. `where` as
/// for `open_repository`. Errors of Database, and `no_runtimes` when it has no such table.
Result<std::vector<Runtime>> stored_runtimes(const std::string& where);

/// The best version of the runtime `ref` for `constraint`, see best_version; of the rows of
/// `runtime_version` all of which count as available. Error `not_found`.
Result<std::optional<RuntimeVersion>> best_version(Repository& repository, const std::string& ref,
                                                   std::string_view constraint);

}  // namespace muster::runtimes
