#pragma once

#include <string_view>
#include <vector>

#include "preflight/check.hpp"
#include "preflight/migration_lexer.hpp"
#include "preflight/migration_report.hpp"
#include "preflight/migration_terminator.hpp"

/// What can be said of the SQL of one block without a database.
namespace muster::preflight {

/// A stretch of SQL and where it stands.
struct SqlText {
  std::string_view sql;
  int first_line = 1;           ///< of the stretch in its file
  bool final_optional = false;  ///< the last statement needs no terminator (a function's body)
};

/// Number of statements, by the dialect's rules.
std::size_t count_statements(std::string_view sql, Dialect dialect);

/// How the statements of a dialect are judged.
struct StatementRules {
  Dialect dialect = Dialect::postgres;
  std::string label;  ///< who speaks: `PostgreSQL`
  Parse parse;
  bool silent_gaps = true;  ///< `parse` accepts nothing but whole statements
  /// Runs a statement that was found good: why it failed, or none. May be empty.
  Parse apply;
};

/// Bytes that no dialect takes (NUL, malformed UTF-8), unended strings and comments, then each
/// statement through `rules.parse`, with missing terminators told from other errors. Findings of
/// what fails in `rules.apply` have the code `round-trip`; nothing is applied after it.
void check_statements(const SqlText& text, const StatementRules& rules, const Deadline& deadline,
                      std::vector<Finding>& findings);

/// PostgreSQL by its own parser: statements, bodies of functions in SQL and PL/pgSQL, and what may
/// not run in a transaction. `transaction` is what the directive says.
void check_postgres(const SqlText& text, bool transaction, const Deadline& deadline,
                    std::vector<Finding>& findings);

/// MySQL by its tokens alone; every message says so.
void check_mysql(const SqlText& text, const Deadline& deadline, std::vector<Finding>& findings);

/// The line of the byte `offset` of `text` in its file.
int line_in_file(const SqlText& text, std::size_t offset);

}  // namespace muster::preflight
