#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtimes/repository.hpp"

namespace muster::runtimes {

/// Stores a runtime that was checked, with the time `at`, and nothing else.
Result<void> insert(Database& database, const Runtime& runtime, const std::string& at);

/// The repository over SQL that both databases understand. Times are written as RFC 3339 text, and
/// read so from either.
class SqlRepository final : public Repository {
 public:
  SqlRepository(std::unique_ptr<Database> database, const Clock& clock)
      : database_(std::move(database)), clock_(clock) {}

  Result<Runtime> create(const Runtime& runtime) override;
  Result<Runtime> read(const std::string& ref) override;
  Result<std::vector<Runtime>> all() override;
  Result<std::vector<Runtime>> find_by_pack(const std::string& pack_ref) override;
  Result<Runtime> update(const Runtime& runtime) override;
  Result<void> remove(const std::string& ref) override;
  Result<RuntimeVersion> put_version(const std::string& ref,
                                     const RuntimeVersion& version) override;
  Result<std::vector<RuntimeVersion>> versions(const std::string& ref) override;
  Result<void> remove_version(const std::string& ref, const std::string& version) override;
  Result<Worker> put_worker(const Worker& worker) override;
  Result<Worker> change_worker(const std::string& name, const WorkerChange& change) override;
  Result<Worker> worker(const std::string& name) override;
  Result<std::vector<Worker>> workers() override;
  Result<void> remove_worker(const std::string& name) override;
  Result<void> add_checks(const std::vector<RuntimeCheck>& checks) override;
  Result<std::vector<RuntimeCheck>> latest_checks(std::int64_t worker) override;

 private:
  std::string now() const { return to_rfc3339(clock_.wall()); }
  /// The expression that reads a column of time.
  std::string time(const std::string& column) const;
  Result<std::vector<Runtime>> select_runtimes(const std::string& rest, const Row& parameters);
  Result<std::vector<Worker>> select_workers(const std::string& rest, const Row& parameters);
  Result<void> add_check(const RuntimeCheck& check);

  std::unique_ptr<Database> database_;
  const Clock& clock_;
};

}  // namespace muster::runtimes
