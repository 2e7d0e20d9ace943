#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "runtimes/sources.hpp"

namespace muster::runtimes {

/// A PostgreSQL server of one's own: made by initdb in a temporary folder, run by a plain user (as
/// `nobody` when this process is root, which PostgreSQL refuses to be run by), heard on a unix
/// socket alone. It is gone with the object, and dies with this process. Blocks; about a second to
/// start. One thread.
class ScratchPostgres {
 public:
  /// Errors: `no_postgres` when its programs are not installed, `postgres_failed`.
  static Result<std::unique_ptr<ScratchPostgres>> start(
      const Environment& environment = process_environment(),
      std::chrono::seconds within = std::chrono::seconds(60));
  ~ScratchPostgres();
  ScratchPostgres(const ScratchPostgres&) = delete;
  ScratchPostgres& operator=(const ScratchPostgres&) = delete;

  /// A URL of the database `name`, for its superuser.
  std::string url(const std::string& name = "postgres") const;

  /// SIGSTOP, SIGCONT and the like to the server and all that it has forked.
  void signal(int signal);

 private:
  struct Impl;
  explicit ScratchPostgres(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::runtimes
