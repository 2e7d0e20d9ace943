#include "profile/postgres_trip.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "profile/postgres_schema.hpp"
#include "runtimes/database.hpp"
#include "runtimes/scratch_postgres.hpp"

namespace muster::profile {
namespace {

using preflight::TripDatabase;
using runtimes::Database;

/// Without what the label of a finding says already.
std::string words(std::string message) {
  for (const std::string_view known : {"PostgreSQL: ", "ERROR:  "}) {
    if (message.starts_with(known)) message.erase(0, known.size());
  }
  return message;
}

/// Where the statement behind `completed` others begins.
std::size_t begin_of_statement(const std::string& block, std::size_t completed) {
  const preflight::Lexed lexed = preflight::lex(block, preflight::Dialect::postgres);
  const auto statements = preflight::split_statements(lexed.tokens, preflight::Dialect::postgres);
  return completed < statements.size() ? statements[completed].begin : 0;
}

class PostgresTrip final : public TripDatabase {
 public:
  PostgresTrip(std::unique_ptr<runtimes::ScratchPostgres> server, std::string url,
               std::chrono::milliseconds within)
      : server_(std::move(server)),
        url_(server_ ? server_->url() : std::move(url)),
        within_(within),
        name_("muster_trip_" + random_hex(8)) {}

  ~PostgresTrip() override {
    database_.reset();
    if (!admin_) return;
    // FORCE is of PostgreSQL 13; nobody else is connected to it, but for a moment we may still be
    if (!admin_->script("DROP DATABASE " + name_ + " WITH (FORCE)"))
      (void)admin_->script("DROP DATABASE " + name_);
  }

  Result<void> open() {
    auto admin = runtimes::open_postgres(url_, within_);
    if (!admin) return admin.error();
    const auto made =
        (*admin)->script("CREATE DATABASE " + name_ + " TEMPLATE template0 ENCODING 'UTF8'");
    if (!made) return made.error();
    admin_ = std::move(*admin);
    auto database = runtimes::open_postgres(url_, within_, name_);
    if (!database) return database.error();
    database_ = std::move(*database);
    // dbmate makes it before it applies anything
    return database_->script("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)");
  }

  std::optional<Failure> apply(const std::string& block, bool transaction) override {
    if (transaction) {
      if (const auto begun = database_->script("BEGIN"); !begun)
        return Failure{0, words(begun.error().message)};
    }
    const runtimes::ScriptEnd end = database_->follow(block);
    if (end.failed) {
      if (transaction) (void)database_->script("ROLLBACK");
      const std::size_t offset = end.position > 0 ? code_point_offset(block, end.position - 1)
                                                  : begin_of_statement(block, end.completed);
      return Failure{offset, words(end.failed->message)};
    }
    if (!transaction) return std::nullopt;
    // what is deferred is checked now
    if (const auto committed = database_->script("COMMIT"); !committed)
      return Failure{0, words(committed.error().message)};
    return std::nullopt;
  }

  Result<std::vector<std::string>> schema() override {
    const auto rows = database_->run(postgres_schema_query, {});
    if (!rows) return rows.error();
    std::vector<std::string> lines;
    for (const runtimes::Row& row : *rows) lines.push_back(row.at(0).value_or(""));
    std::sort(lines.begin(), lines.end());
    return lines;
  }

 private:
  std::unique_ptr<runtimes::ScratchPostgres> server_;  ///< none when a URL was given
  std::string url_;
  std::chrono::milliseconds within_;
  std::string name_;
  std::unique_ptr<Database> admin_;  ///< once the database is there
  std::unique_ptr<Database> database_;
};

}  // namespace

preflight::OpenTripDatabase postgres_trip(std::string url, std::chrono::milliseconds within) {
  return [url = std::move(url), within]() -> Result<std::unique_ptr<TripDatabase>> {
    std::unique_ptr<runtimes::ScratchPostgres> server;
    if (url.empty()) {
      auto started = runtimes::ScratchPostgres::start();
      if (!started) return started.error();
      server = std::move(*started);
    }
    auto trip = std::make_unique<PostgresTrip>(std::move(server), url, within);
    if (Result<void> opened = trip->open(); !opened) return opened.error();
    return std::unique_ptr<TripDatabase>(std::move(trip));
  };
}

preflight::OpenTripDatabase postgres_trip_at(const std::string& where) {
  if (where.empty() || where == "off") return nullptr;
  return postgres_trip(where == "start" ? std::string() : where);
}

}  // namespace muster::profile
