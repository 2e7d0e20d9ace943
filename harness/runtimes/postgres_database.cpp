// libpq's blocking calls wait as long as the server likes. Here every exchange is non-blocking and
// waited for with a deadline; a connection that misses it is closed, as nothing more is known about
// its state.
#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "runtimes/database.hpp"
#include "runtimes/libpq.hpp"

namespace muster::runtimes {
namespace {

using Clock = std::chrono::steady_clock;

struct Clear {
  void operator()(PGresult* result) const { libpq().clear(result); }
};
struct Finish {
  void operator()(PGconn* connection) const { libpq().finish(connection); }
};
using Answer = std::unique_ptr<PGresult, Clear>;
using Connection = std::unique_ptr<PGconn, Finish>;

/// By the class of the SQLSTATE (PostgreSQL documentation, appendix A).
const char* code_of(const char* state) {
  if (state == nullptr) return "database_unavailable";
  if (std::strcmp(state, "23505") == 0) return "already_exists";
  if (std::strcmp(state, "23503") == 0) return "missing_reference";
  if (std::strcmp(state, "57014") == 0) return "database_timeout";
  if (std::strncmp(state, "23", 2) == 0 || std::strncmp(state, "22", 2) == 0)
    return "refused_value";
  if (std::strncmp(state, "40", 2) == 0 || std::strncmp(state, "55", 2) == 0)
    return "database_busy";
  if (std::strncmp(state, "08", 2) == 0 || std::strncmp(state, "57", 2) == 0 ||
      std::strncmp(state, "28", 2) == 0 || std::strncmp(state, "3D", 2) == 0)
    return "database_unavailable";
  return "database_failed";
}

std::string words(const char* message) {
  const std::string_view text = trim(message == nullptr ? "" : message);
  return printable(redact(std::string(text.substr(0, text.find('\n')))));
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string target, std::chrono::milliseconds within, std::string database)
      : target_(std::move(target)), within_(within), database_(std::move(database)) {}

  Dialect dialect() const override { return Dialect::postgres; }

  Result<void> connect() {
    const Clock::time_point deadline = Clock::now() + within_;
    // the first dbname may be a URL, the last one wins
    const char* const names[] = {"dbname", "client_encoding", "fallback_application_name",
                                 database_.empty() ? nullptr : "dbname", nullptr};
    const char* const values[] = {target_.c_str(), "UTF8", "muster",
                                  database_.empty() ? nullptr : database_.c_str(), nullptr};
    connection_.reset(libpq().connect_start_params(names, values, 1));
    if (!connection_) return error("database_unavailable", "PostgreSQL: out of memory");
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (libpq().status(connection_.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
           state != PGRES_POLLING_FAILED) {
      const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
      if (!wait(events, deadline)) return given_up("connecting");
      state = libpq().connect_poll(connection_.get());
    }
    if (state != PGRES_POLLING_OK) {
      const std::string why = words(libpq().error_message(connection_.get()));
      connection_.reset();
      return error("database_unavailable", "PostgreSQL: " + why);
    }
    libpq().set_notice_processor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    libpq().set_nonblocking(connection_.get(), 1);
    const std::string limit = std::to_string(within_.count());
    const Result<std::vector<Row>> set =
        exchange("SET statement_timeout = " + limit, nullptr, deadline);
    if (!set) return set.error();
    return {};
  }

  Result<std::vector<Row>> run(const std::string& sql, const Row& parameters) override {
    return ready([&] { return exchange(sql, &parameters, Clock::now() + within_); });
  }

  ScriptEnd follow(const std::string& sql) override {
    ScriptEnd end;
    const Result<std::vector<Row>> done =
        ready([&] { return exchange(sql, nullptr, Clock::now() + within_, &end); });
    if (!done) end.failed = done.error();
    return end;
  }

 private:
  /// Connects anew when the connection is gone; what was in a transaction then is lost with it.
  template <class Work>
  Result<std::vector<Row>> ready(Work work) {
    if (connection_ && libpq().status(connection_.get()) == CONNECTION_OK) {
      Result<std::vector<Row>> done = work();
      if (connection_)
        in_transaction_ = libpq().transaction_status(connection_.get()) != PQTRANS_IDLE;
      return done;
    }
    if (in_transaction_) {
      in_transaction_ = false;
      return error("database_unavailable", "PostgreSQL: the connection was lost");
    }
    if (Result<void> connected = connect(); !connected) return connected.error();
    return ready(std::move(work));
  }

  Result<std::vector<Row>> exchange(const std::string& sql, const Row* parameters,
                                    Clock::time_point deadline, ScriptEnd* end = nullptr) {
    PGconn* const connection = connection_.get();
    if (send(sql, parameters) == 0) return lost();
    for (int left = 1; left != 0;) {
      left = libpq().flush(connection);
      if (left < 0) return lost();
      if (left != 0 && !wait(POLLIN | POLLOUT, deadline)) return given_up("a statement");
      if (left != 0 && libpq().consume_input(connection) == 0) return lost();
    }
    std::vector<Row> rows;
    std::optional<Error> failed;
    for (;;) {
      while (libpq().is_busy(connection) != 0) {
        if (!wait(POLLIN, deadline)) return given_up("a statement");
        if (libpq().consume_input(connection) == 0) return lost();
      }
      const Answer answer(libpq().get_result(connection));
      if (!answer) break;
      take(answer.get(), rows, failed);
      if (end != nullptr) note(answer.get(), *end, failed.has_value());
    }
    if (libpq().status(connection) == CONNECTION_BAD && !failed) return lost();
    if (failed) return *failed;
    return rows;
  }

  int send(const std::string& sql, const Row* parameters) {
    if (parameters == nullptr) return libpq().send_query(connection_.get(), sql.c_str());
    std::vector<const char*> values;
    for (const Value& value : *parameters) values.push_back(value ? value->c_str() : nullptr);
    return libpq().send_query_params(connection_.get(), sql.c_str(),
                                     static_cast<int>(values.size()), nullptr, values.data(),
                                     nullptr, nullptr, 0);
  }

  static void take(const PGresult* answer, std::vector<Row>& rows, std::optional<Error>& failed) {
    const ExecStatusType status = libpq().result_status(answer);
    if (status == PGRES_TUPLES_OK) {
      for (int i = 0; i < libpq().row_count(answer); ++i) {
        Row row;
        for (int j = 0; j < libpq().column_count(answer); ++j) {
          if (libpq().is_null(answer, i, j) != 0) {
            row.emplace_back();
          } else {
            row.emplace_back(std::string(libpq().value(answer, i, j),
                                         static_cast<std::size_t>(libpq().length(answer, i, j))));
          }
        }
        rows.push_back(std::move(row));
      }
    } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY && !failed) {
      failed = error(code_of(libpq().result_error_field(answer, PG_DIAG_SQLSTATE)),
                     "PostgreSQL: " + words(libpq().result_error_message(answer)));
    }
  }

  /// PostgreSQL gives one answer for each statement of a script.
  static void note(const PGresult* answer, ScriptEnd& end, bool failed) {
    if (!failed) {
      end.completed += libpq().result_status(answer) == PGRES_EMPTY_QUERY ? 0 : 1;
    } else if (const char* position =
                   libpq().result_error_field(answer, PG_DIAG_STATEMENT_POSITION)) {
      end.position = std::strtoul(position, nullptr, 10);
    }
  }

  bool wait(short events, Clock::time_point deadline) {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return false;
      pollfd socket{libpq().socket(connection_.get()), events, 0};
      const int ready = ::poll(&socket, 1, static_cast<int>(left) + 1);
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return false;
    }
  }

  Error lost() {
    const std::string why = words(libpq().error_message(connection_.get()));
    connection_.reset();
    return error("database_unavailable", "PostgreSQL: " + why);
  }

  Error given_up(const std::string& what) {
    connection_.reset();
    return error("database_timeout", "PostgreSQL: " + what + " has not ended within " +
                                         std::to_string(within_.count()) + " ms");
  }

  std::string target_;
  std::chrono::milliseconds within_;
  std::string database_;
  Connection connection_;
  bool in_transaction_ = false;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& connection,
                                                std::chrono::milliseconds within,
                                                const std::string& database) {
  if (const Result<void> loaded = load_libpq(); !loaded) return loaded.error();
  auto made = std::make_unique<PostgresDatabase>(connection, within, database);
  if (Result<void> connected = made->connect(); !connected) return connected.error();
  return std::unique_ptr<Database>(std::move(made));
}

}  // namespace muster::runtimes
