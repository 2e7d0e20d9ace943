// PostgreSQL's own parser, as libpg_query packages it. Its `cursorpos` counts code points from 1;
// `lineno` is a line of the parser's source and says nothing about ours.
#include <pg_query.h>

#include <algorithm>

#include "base/text.hpp"
#include "preflight/migration_plpgsql.hpp"
#include "preflight/migration_sql.hpp"

namespace muster::preflight {
namespace {

std::optional<SyntaxError> parse_postgres(const std::string& sql) {
  const PgQueryProtobufParseResult result = pg_query_parse_protobuf(sql.c_str());
  std::optional<SyntaxError> error;
  if (result.error != nullptr) {
    const auto position = static_cast<std::size_t>(std::max(1, result.error->cursorpos)) - 1;
    error = SyntaxError{result.error->cursorpos > 0 ? code_point_offset(sql, position) : sql.size(),
                        result.error->message};
  }
  pg_query_free_protobuf_parse_result(result);
  return error;
}

/// The words of a statement up to `count`, as `CREATE INDEX CONCURRENTLY`.
std::string head_of(const std::vector<Token>& tokens, const Statement& statement) {
  std::string head;
  for (std::size_t i = statement.first; i < statement.last && i < statement.first + 6; ++i) {
    if (tokens[i].kind != TokenKind::word) break;
    if (!head.empty()) head += ' ';
    head += tokens[i].word;
  }
  return head;
}

/// The command that PostgreSQL refuses in a transaction block, or nothing.
std::string outside_transaction(const std::string& head) {
  const bool index = head.starts_with("CREATE INDEX") || head.starts_with("CREATE UNIQUE INDEX") ||
                     head.starts_with("DROP INDEX") || head.starts_with("REINDEX");
  if (index && head.find(" CONCURRENTLY") != std::string::npos) {
    return head.substr(0, head.find(" CONCURRENTLY") + 13);
  }
  for (const char* command : {"VACUUM", "CREATE DATABASE", "DROP DATABASE", "CREATE TABLESPACE",
                              "DROP TABLESPACE", "ALTER SYSTEM"}) {
    if (head.starts_with(command)) return command;
  }
  return "";
}

void check_transactions(const SqlText& text, const std::vector<Token>& tokens,
                        const std::vector<Statement>& statements, bool transaction,
                        std::vector<Finding>& findings) {
  for (const Statement& statement : statements) {
    const std::string head = head_of(tokens, statement);
    const int line = text.first_line + tokens[statement.first].line - 1;
    if (const std::string command = outside_transaction(head); !command.empty()) {
      if (transaction) {
        findings.push_back({line, Level::error, "transaction",
                            command + " can not run inside a transaction",
                            "write `transaction:false` behind the directive"});
      } else if (statements.size() > 1) {
        findings.push_back({line, Level::error, "transaction",
                            command + " can not run together with other statements: a block is "
                                      "sent as one, which is a transaction",
                            "give it a section of its own"});
      }
    }
    const bool control = head == "BEGIN" || head == "COMMIT" || head == "ROLLBACK" ||
                         head == "END" || head.starts_with("START TRANSACTION") ||
                         head.starts_with("BEGIN TRANSACTION");
    if (control && transaction) {
      findings.push_back({line, Level::warning, "transaction",
                          head + " inside the transaction that dbmate has begun",
                          "remove it, or write `transaction:false` behind the directive"});
    }
  }
}

void check_routines(const SqlText& text, const std::vector<Token>& tokens,
                    const std::vector<Statement>& statements, const Deadline& deadline,
                    std::vector<Finding>& findings) {
  for (const Statement& statement : statements) {
    if (deadline.over()) return;
    const auto routine = find_routine(text.sql, tokens, statement);
    if (!routine) continue;
    const SqlText body{text.sql.substr(routine->begin, routine->end - routine->begin),
                       line_in_file(text, routine->begin), true};
    if (routine->language == "PLPGSQL") {
      const std::string whole(text.sql.substr(statement.begin, statement.end - statement.begin));
      if (parse_postgres(whole)) continue;  // said already
      check_plpgsql(text, statement, *routine, deadline, findings);
    } else if (routine->language == "SQL") {
      check_statements(body,
                       {Dialect::postgres, "in the function's body", parse_postgres, true, {}},
                       deadline, findings);
    }
  }
}

}  // namespace

void check_postgres(const SqlText& text, bool transaction, const Deadline& deadline,
                    std::vector<Finding>& findings) {
  check_statements(text, {Dialect::postgres, "PostgreSQL", parse_postgres, true, {}}, deadline,
                   findings);
  const Lexed lexed = lex(text.sql, Dialect::postgres);
  if (lexed.problem || text.sql.find('\0') != std::string_view::npos) return;
  const std::vector<Statement> statements = split_statements(lexed.tokens, Dialect::postgres);
  check_transactions(text, lexed.tokens, statements, transaction, findings);
  check_routines(text, lexed.tokens, statements, deadline, findings);
}

}  // namespace muster::preflight
