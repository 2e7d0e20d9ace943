// MySQL without its parser: tokens tell terminators, parentheses and the words that begin a
// statement where none can begin. Every message says that the check is lexical.
#include <algorithm>
#include <array>

#include "preflight/migration_sql.hpp"

namespace muster::preflight {
namespace {

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <class... Words>
bool is(std::string_view word, Words... words) {
  return ((word == words) || ...);
}

bool known_head(const Token& token) {
  static constexpr auto more = std::to_array<std::string_view>(
      {"CASE",   "CHANGE", "CHECK",    "CLOSE",    "DEALLOCATE", "DECLARE",   "DESC",    "DESCRIBE",
       "FETCH",  "FLUSH",  "GET",      "HANDLER",  "IF",         "INSTALL",   "ITERATE", "KILL",
       "LEAVE",  "LOOP",   "OPEN",     "OPTIMIZE", "PURGE",      "REPAIR",    "REPEAT",  "RESIGNAL",
       "RETURN", "SHOW",   "SHUTDOWN", "SIGNAL",   "STOP",       "UNINSTALL", "UNLOCK",  "UNTIL",
       "WHILE",  "XA",     "ELSEIF",   "WHEN"});
  if (token.kind == TokenKind::open) return true;
  // A label of a loop or block is a name.
  return token.kind == TokenKind::word &&
         (starts_statement(token.word) || one_of(token.word, more));
}

/// Two words that begin a statement wherever they stand on a line.
bool strong(const Token& token, const Token* next) {
  if (next == nullptr) return false;
  if (token.word == "INSERT") return is(next->word, "INTO", "IGNORE");
  if (token.word == "DELETE") return next->word == "FROM";
  if (is(token.word, "ALTER", "CREATE", "DROP", "TRUNCATE", "RENAME")) {
    return is(next->word, "TABLE", "VIEW", "DATABASE", "SCHEMA", "TRIGGER", "PROCEDURE", "FUNCTION",
              "EVENT", "USER");
  }
  return token.word == "CREATE" && is(next->word, "INDEX", "UNIQUE");
}

/// A part of a statement between two places where a statement may begin.
struct Segment {
  std::string head;     ///< its first word
  bool query = false;   ///< SELECT, VALUES or SET stood at its depth
  bool action = false;  ///< ALTER TABLE has an action
  int cases = 0;        ///< CASE expressions that are open
};

bool may_continue(const Segment& segment, const Token& before, const Token& token,
                  const Token* next) {
  const std::string& word = token.word;
  const std::string& head = segment.head;
  const std::string& prior = before.word;
  const bool comma = before.kind == TokenKind::symbol;
  if (prior == "ROW") return true;  // FOR EACH ROW, then the statement of a trigger
  if (is(word, "COMMENT", "END", "START", "DO", "BEGIN", "EXECUTE", "LOAD", "RESET", "SECURITY"))
    return !(word == "START" && next != nullptr && next->word == "TRANSACTION");
  if (is(word, "SELECT", "VALUES", "WITH", "TABLE")) {
    if (is(prior, "AS", "UNION", "ALL", "DISTINCT", "EXCEPT", "INTERSECT", "FOR", "EXPLAIN", "IN"))
      return true;
    return !segment.query && is(head, "INSERT", "REPLACE", "CREATE", "WITH", "EXPLAIN");
  }
  if (word == "SET") {
    return is(prior, "ON", "DELETE", "UPDATE", "CHARACTER") || comma ||
           (is(head, "UPDATE", "INSERT", "REPLACE", "LOAD", "ALTER") && !segment.query);
  }
  if (word == "UPDATE")
    return is(prior, "KEY", "FOR", "ON", "BEFORE", "AFTER", "OR") || head == "WITH";
  if (word == "DELETE") return is(prior, "ON", "BEFORE", "AFTER", "OR") || head == "WITH";
  if (word == "INSERT") return is(prior, "BEFORE", "AFTER", "OR");
  if (word == "REPLACE") return prior == "OR" || (next != nullptr && next->kind == TokenKind::open);
  if (word == "LOCK") return comma || (next != nullptr && next->word == "IN");
  if (head == "ALTER" || head == "GRANT" || head == "REVOKE") {
    return comma || (!segment.action && !strong(token, next)) || head != "ALTER";
  }
  return false;
}

bool opens_list(const Token& token) {
  return token.kind == TokenKind::semicolon ||
         is(token.word, "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT");
}

/// The first word that begins a statement within another one.
std::optional<SyntaxError> parse_lexically(const std::string& sql) {
  const std::vector<Token> tokens = lex(sql, Dialect::mysql).tokens;
  if (tokens.empty()) return std::nullopt;
  if (!known_head(tokens.front())) {
    return SyntaxError{
        tokens.front().begin,
        "`" + sql.substr(tokens.front().begin, tokens.front().end - tokens.front().begin) +
            "` begins no statement"};
  }
  Segment segment{tokens.front().word};
  int open = tokens.front().kind == TokenKind::open ? 1 : 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const Token& before = tokens[i - 1];
    const Token* next = i + 1 < tokens.size() ? &tokens[i + 1] : nullptr;
    if (token.kind == TokenKind::open) ++open;
    if (token.kind == TokenKind::close && --open < 0)
      return SyntaxError{token.begin, "`)` closes nothing"};
    if (token.kind != TokenKind::word || token.depth > 0) continue;
    if (segment.cases == 0 && opens_list(before)) {
      segment = Segment{token.word};
      continue;
    }
    if (token.word == "CASE") ++segment.cases;
    if (token.word == "END" && segment.cases-- <= 0) {
      return SyntaxError{token.begin, "`END` follows a statement that has not ended"};
    }
    const bool begins =
        starts_statement(token.word) && (token.first_on_line || strong(token, next));
    if (begins && !may_continue(segment, before, token, next)) {
      return SyntaxError{token.begin, "`" + sql.substr(token.begin, token.end - token.begin) +
                                          "` begins a statement within another"};
    }
    if (is(token.word, "SELECT", "VALUES", "SET")) segment.query = true;
    if (is(token.word, "ADD", "DROP", "MODIFY", "CHANGE", "RENAME", "ALTER", "CONVERT", "ENGINE"))
      segment.action = true;
  }
  if (open > 0) return SyntaxError{sql.size(), "`(` is not closed"};
  return std::nullopt;
}

}  // namespace

void check_mysql(const SqlText& text, const Deadline& deadline, std::vector<Finding>& findings) {
  const Lexed lexed = lex(text.sql, Dialect::mysql);
  for (const Token& token : lexed.tokens) {
    if (token.word != "DELIMITER" || !token.first_on_line) continue;
    findings.push_back({text.first_line + token.line - 1, Level::error, "client-command",
                        "DELIMITER is a command of the mysql client; dbmate sends it to the server",
                        "write the routine with plain `;` in a block of its own"});
    return;
  }
  const std::size_t known = findings.size();
  check_statements(text, {Dialect::mysql, "MySQL", parse_lexically, false, {}}, deadline, findings);
  for (std::size_t i = known; i < findings.size(); ++i) findings[i].message += " (lexical check)";
}

}  // namespace muster::preflight
