// Workers and what was seen on them: the second half of SqlRepository.
#include "base/text.hpp"
#include "runtimes/sql_repository.hpp"
#include "runtimes/sql_values.hpp"

namespace muster::runtimes {
namespace {

constexpr int checks_kept = 100;

Result<void> check(const Worker& worker) {
  const auto storable = [](const std::string& text) {
    return text.find('\0') == std::string::npos && valid_utf8(text) == text;
  };
  if (worker.name.empty() || !storable(worker.name) || !storable(worker.host))
    return error("bad_worker", "'" + printable(worker.name) + "' is no name of a worker");
  if (!worker.capabilities.is_object())
    return error("bad_worker", "the capabilities of '" + worker.name + "' are no object");
  return {};
}

}  // namespace

Result<std::vector<Worker>> SqlRepository::select_workers(const std::string& rest,
                                                          const Row& parameters) {
  const Result<std::vector<Row>> rows = database_->run(
      "SELECT id, name, role, status, host, capabilities, " + time("last_heartbeat") + ", " +
          time("created") + ", " + time("updated") + " FROM worker " + rest,
      parameters);
  if (!rows) return rows.error();
  std::vector<Worker> workers;
  for (const Row& row : *rows) {
    Worker worker;
    worker.id = sql::integer(row.at(0));
    worker.name = sql::text(row.at(1));
    worker.role = sql::text(row.at(2));
    worker.status = sql::text(row.at(3));
    worker.host = sql::text(row.at(4));
    worker.capabilities = sql::json(row.at(5));
    worker.last_heartbeat = sql::text(row.at(6));
    worker.created = sql::text(row.at(7));
    worker.updated = sql::text(row.at(8));
    workers.push_back(std::move(worker));
  }
  return workers;
}

Result<Worker> SqlRepository::put_worker(const Worker& worker) {
  if (Result<void> checked = check(worker); !checked) return checked.error();
  const std::string at = now();
  const Result<std::vector<Row>> put = database_->run(
      "INSERT INTO worker(name, role, status, host, capabilities, last_heartbeat, created, updated)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (name) DO UPDATE SET"
      " role = excluded.role, status = excluded.status, host = excluded.host,"
      " capabilities = excluded.capabilities, last_heartbeat = excluded.last_heartbeat,"
      " updated = excluded.updated RETURNING id",
      {worker.name, worker.role, worker.status, sql::of_text(worker.host),
       sql::of(worker.capabilities), sql::of_text(worker.last_heartbeat), at});
  if (!put) return put.error();
  return this->worker(worker.name);
}

Result<Worker> SqlRepository::change_worker(const std::string& name, const WorkerChange& change) {
  if (change.capabilities && !change.capabilities->is_object())
    return error("bad_worker", "the capabilities of '" + printable(name) + "' are no object");
  const Result<std::vector<Row>> done = database_->run(
      "UPDATE worker SET status = coalesce($2, status), capabilities = coalesce($3, capabilities),"
      " last_heartbeat = coalesce($4, last_heartbeat), updated = $5 WHERE name = $1 RETURNING id",
      {name, change.status, change.capabilities ? sql::of(*change.capabilities) : Value(),
       change.last_heartbeat, now()});
  if (!done) return done.error();
  return worker(name);
}

Result<Worker> SqlRepository::worker(const std::string& name) {
  Result<std::vector<Worker>> found = select_workers("WHERE name = $1", {name});
  if (!found) return found.error();
  if (found->empty()) {
    return error("not_found", "there is no worker '" + printable(shorten(name, 80)) + "'");
  }
  return std::move(found->front());
}

Result<std::vector<Worker>> SqlRepository::workers() {
  return select_workers(
      database_->dialect() == Dialect::sqlite ? "ORDER BY name" : "ORDER BY name COLLATE \"C\"",
      {});
}

Result<void> SqlRepository::remove_worker(const std::string& name) {
  const Result<std::vector<Row>> gone =
      database_->run("DELETE FROM worker WHERE name = $1 RETURNING id", {name});
  if (!gone) return gone.error();
  if (!gone->empty()) return {};
  return error("not_found", "there is no worker '" + printable(shorten(name, 80)) + "'");
}

Result<void> SqlRepository::add_check(const RuntimeCheck& check) {
  const Result<std::vector<Row>> added = database_->run(
      "INSERT INTO runtime_check(worker, runtime, available, source, reason, binary_path, version,"
      " exit_code, term_signal, duration_ms, checked_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {sql::of(check.worker), sql::of(check.runtime), sql::of(check.available), check.source,
       check.reason, sql::of_text(check.binary_path), sql::of_text(check.version),
       sql::of(check.exit_code), sql::of(check.term_signal),
       sql::of(static_cast<std::int64_t>(check.duration_ms)),
       check.checked_at.empty() ? now() : check.checked_at});
  if (!added) return added.error();
  const Result<std::vector<Row>> pruned = database_->run(
      "DELETE FROM runtime_check WHERE worker = $1 AND runtime = $2 AND id NOT IN"
      " (SELECT id FROM runtime_check WHERE worker = $1 AND runtime = $2"
      " ORDER BY checked_at DESC, id DESC LIMIT " +
          std::to_string(checks_kept) + ")",
      {sql::of(check.worker), sql::of(check.runtime)});
  if (!pruned) return pruned.error();
  return {};
}

Result<void> SqlRepository::add_checks(const std::vector<RuntimeCheck>& checks) {
  if (checks.empty()) return {};
  Transaction transaction(*database_);
  if (!transaction.begun()) return transaction.begun();
  for (const RuntimeCheck& check : checks) {
    if (Result<void> added = add_check(check); !added) return added;
  }
  return transaction.commit();
}

Result<std::vector<RuntimeCheck>> SqlRepository::latest_checks(std::int64_t worker) {
  const Result<std::vector<Row>> rows = database_->run(
      "SELECT id, worker, runtime, available, source, reason, binary_path, version, exit_code,"
      " term_signal, duration_ms, " +
          time("checked_at") +
          " FROM (SELECT runtime_check.*, row_number() OVER"
          " (PARTITION BY runtime ORDER BY checked_at DESC, id DESC) AS age"
          " FROM runtime_check WHERE worker = $1) AS aged WHERE age = 1 ORDER BY runtime",
      {sql::of(worker)});
  if (!rows) return rows.error();
  std::vector<RuntimeCheck> checks;
  for (const Row& row : *rows) {
    RuntimeCheck check;
    check.id = sql::integer(row.at(0));
    check.worker = sql::integer(row.at(1));
    check.runtime = sql::integer(row.at(2));
    check.available = sql::truth(row.at(3));
    check.source = sql::text(row.at(4));
    check.reason = sql::text(row.at(5));
    check.binary_path = sql::text(row.at(6));
    check.version = sql::text(row.at(7));
    check.exit_code = sql::optional_integer(row.at(8));
    check.term_signal = sql::optional_integer(row.at(9));
    check.duration_ms = sql::optional_integer(row.at(10)).value_or(0);
    check.checked_at = sql::text(row.at(11));
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace muster::runtimes
