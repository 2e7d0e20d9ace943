#include "preflight/migration_lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>

#include "base/text.hpp"

namespace muster::preflight {
namespace {

bool word_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

bool word_part(char c) {
  return word_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return made;
}

class Lexer {
 public:
  Lexer(std::string_view sql, Dialect dialect) : sql_(sql), dialect_(dialect) {}

  Lexed run() {
    while (skip_blanks()) token();
    return std::move(lexed_);
  }

 private:
  char at(std::size_t offset) const { return offset < sql_.size() ? sql_[offset] : '\0'; }

  void advance_to(std::size_t end) {
    end = std::min(end, sql_.size());
    for (; pos_ < end; ++pos_) {
      if (sql_[pos_] != '\n') continue;
      ++line_;
      line_begin_ = pos_ + 1;
      fresh_line_ = true;
    }
  }

  void unterminated(std::size_t from, std::string what) {
    if (!lexed_.problem) lexed_.problem = LexProblem{from, std::move(what)};
  }

  bool line_comment() const {
    if (dialect_ == Dialect::mysql && at(pos_) == '#') return true;
    if (at(pos_) != '-' || at(pos_ + 1) != '-') return false;
    const char after = at(pos_ + 2);
    return dialect_ != Dialect::mysql || after == '\0' ||
           std::isspace(static_cast<unsigned char>(after)) != 0;
  }

  void block_comment() {
    const std::size_t from = pos_;
    std::size_t end = pos_ + 2;
    for (int depth = 1; depth > 0;) {
      if (end >= sql_.size()) {
        unterminated(from, "a comment that is opened with /* does not end");
        break;
      }
      if (at(end) == '*' && at(end + 1) == '/') {
        --depth;
        end += 2;
      } else if (dialect_ == Dialect::postgres && at(end) == '/' && at(end + 1) == '*') {
        ++depth;
        end += 2;
      } else {
        ++end;
      }
    }
    advance_to(end);
  }

  bool skip_blanks() {
    while (pos_ < sql_.size()) {
      if (std::isspace(static_cast<unsigned char>(sql_[pos_])) != 0) {
        advance_to(pos_ + 1);
      } else if (line_comment()) {
        advance_to(sql_.find('\n', pos_));
      } else if (at(pos_) == '/' && at(pos_ + 1) == '*') {
        block_comment();
      } else {
        return true;
      }
    }
    return false;
  }

  /// The end of a quoted text that starts at `from`; the quote is doubled to stand for itself.
  std::size_t quoted_end(std::size_t from, char quote, bool backslashes, const char* what) {
    for (std::size_t i = from + 1; i < sql_.size(); ++i) {
      if (backslashes && sql_[i] == '\\') {
        ++i;
      } else if (sql_[i] == quote) {
        if (at(i + 1) != quote) return i + 1;
        ++i;
      }
    }
    unterminated(from, std::string(what) + " does not end");
    return sql_.size();
  }

  std::optional<std::size_t> dollar_end() {
    std::size_t tag = pos_ + 1;
    if (std::isdigit(static_cast<unsigned char>(at(tag))) != 0) return std::nullopt;
    while (word_part(at(tag)) && at(tag) != '$') ++tag;
    if (at(tag) != '$') return std::nullopt;
    const std::string_view mark = sql_.substr(pos_, tag + 1 - pos_);
    const std::size_t close = sql_.find(mark, tag + 1);
    if (close != std::string_view::npos) return close + mark.size();
    unterminated(pos_, "the body opened with " + std::string(mark) + " does not end");
    return sql_.size();
  }

  std::size_t word_end() const {
    std::size_t end = pos_;
    while (word_part(at(end))) ++end;
    return end;
  }

  std::pair<TokenKind, std::size_t> classify() {
    const char c = at(pos_);
    const bool mysql = dialect_ == Dialect::mysql;
    if (c == '\'') return {TokenKind::string, quoted_end(pos_, '\'', mysql, "a string")};
    if (c == '"') {
      return {mysql ? TokenKind::string : TokenKind::quoted_name,
              quoted_end(pos_, '"', mysql, mysql ? "a string" : "a quoted name")};
    }
    if (c == '`' && dialect_ != Dialect::postgres)
      return {TokenKind::quoted_name, quoted_end(pos_, '`', false, "a quoted name")};
    if (c == '[' && dialect_ == Dialect::sqlite) {
      const std::size_t close = sql_.find(']', pos_);
      if (close == std::string_view::npos) unterminated(pos_, "a quoted name does not end");
      return {TokenKind::quoted_name, close == std::string_view::npos ? sql_.size() : close + 1};
    }
    if (c == '$' && dialect_ == Dialect::postgres) {
      if (const auto end = dollar_end()) return {TokenKind::body, *end};
    }
    if (word_start(c)) {
      const std::size_t end = word_end();
      const bool escapes = dialect_ == Dialect::postgres && end == pos_ + 1 &&
                           (c == 'E' || c == 'e') && at(end) == '\'';
      if (escapes) return {TokenKind::string, quoted_end(end, '\'', true, "a string")};
      return {TokenKind::word, end};
    }
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      std::size_t end = pos_;
      while (word_part(at(end)) || (at(end) == '.' && at(end + 1) != '.')) ++end;
      return {TokenKind::number, end};
    }
    if (c == ';') return {TokenKind::semicolon, pos_ + 1};
    if (c == '(') return {TokenKind::open, pos_ + 1};
    if (c == ')') return {TokenKind::close, pos_ + 1};
    if (c == ':' && (at(pos_ + 1) == '=' || at(pos_ + 1) == ':'))
      return {TokenKind::symbol, pos_ + 2};
    if (c == '<' && at(pos_ + 1) == '<') return {TokenKind::symbol, pos_ + 2};
    if (c == '>' && at(pos_ + 1) == '>') return {TokenKind::symbol, pos_ + 2};
    return {TokenKind::symbol, pos_ + 1};
  }

  void token() {
    Token made;
    made.begin = pos_;
    made.line = line_;
    made.column = static_cast<int>(pos_ - line_begin_) + 1;
    made.first_on_line = fresh_line_;
    std::tie(made.kind, made.end) = classify();
    if (made.kind == TokenKind::word) made.word = upper(sql_.substr(made.begin, made.end - pos_));
    if (made.kind == TokenKind::close) depth_ = std::max(0, depth_ - 1);
    made.depth = depth_;
    if (made.kind == TokenKind::open) ++depth_;
    fresh_line_ = false;
    advance_to(made.end);
    made.end_line = line_;
    fresh_line_ = false;
    lexed_.tokens.push_back(std::move(made));
  }

  std::string_view sql_;
  Dialect dialect_;
  Lexed lexed_;
  std::size_t pos_ = 0;
  std::size_t line_begin_ = 0;
  int line_ = 1;
  int depth_ = 0;
  bool fresh_line_ = true;
};

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Follows a statement that may hold statements: BEGIN ATOMIC … END of PostgreSQL, the triggers of
/// SQLite, the stored programs of MySQL.
class Compound {
 public:
  explicit Compound(Dialect dialect) : dialect_(dialect) {}

  void see(const Token& token, const Token* before) {
    if (token.kind != TokenKind::word) return;
    if (count_ == 0) {
      create_ = token.word == "CREATE";
    } else if (create_ && one_of(token.word, {"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"}) &&
               count_ < 8) {
      program_ = true;
    }
    ++count_;
    if (depth_ == 0) {
      const bool atomic = token.word == "ATOMIC" && before != nullptr && before->word == "BEGIN";
      const bool opens = dialect_ == Dialect::postgres ? atomic : token.word == "BEGIN";
      if (create_ && program_ && opens) depth_ = 1;
      return;
    }
    const bool after_end = before != nullptr && before->word == "END";
    if (token.word == "END") {
      --depth_;
    } else if (after_end && one_of(token.word, {"IF", "LOOP", "WHILE", "REPEAT", "CASE"})) {
      // END IF and its like: END has closed it
    } else if (one_of(token.word, {"BEGIN", "CASE"})) {
      ++depth_;
    } else if (dialect_ == Dialect::mysql &&
               one_of(token.word, {"LOOP", "REPEAT", "WHILE", "IF"})) {
      opens_block(token, before);
    }
  }

  bool inside() const { return depth_ > 0; }

 private:
  void opens_block(const Token& token, const Token* before) {
    // IF( and REPEAT( are functions in an expression; a statement's follows a terminator or a word
    // that opens a list of statements.
    const bool statement =
        before == nullptr || before->kind == TokenKind::semicolon ||
        one_of(before->word, {"BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"}) ||
        (before->kind == TokenKind::symbol && token.word != "IF");
    if (statement) ++depth_;
  }

  Dialect dialect_;
  int count_ = 0;
  int depth_ = 0;
  bool create_ = false;
  bool program_ = false;
};

}  // namespace

std::string_view name_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::postgres:
      return "postgres";
    case Dialect::sqlite:
      return "sqlite";
    case Dialect::mysql:
      return "mysql";
  }
  return "postgres";
}

std::optional<Dialect> dialect_from_string(std::string_view name) {
  const std::string lower = to_lower(name);
  if (lower == "postgres" || lower == "postgresql") return Dialect::postgres;
  if (lower == "sqlite" || lower == "sqlite3") return Dialect::sqlite;
  if (lower == "mysql" || lower == "mariadb") return Dialect::mysql;
  return std::nullopt;
}

Lexed lex(std::string_view sql, Dialect dialect) {
  return Lexer(sql, dialect).run();
}

std::vector<Statement> split_statements(const std::vector<Token>& tokens, Dialect dialect) {
  std::vector<Statement> statements;
  std::size_t first = 0;
  Compound compound(dialect);
  const auto close = [&](std::size_t last, bool terminated) {
    if (last > first) {
      statements.push_back({first, last, tokens[first].begin, tokens[last - 1].end, terminated});
    }
    first = last + 1;
    compound = Compound(dialect);
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::semicolon && tokens[i].depth == 0 && !compound.inside()) {
      close(i, true);
    } else {
      compound.see(tokens[i], i > first ? &tokens[i - 1] : nullptr);
    }
  }
  close(tokens.size(), false);
  return statements;
}

bool starts_statement(std::string_view word) {
  static constexpr std::array words = std::to_array<std::string_view>(
      {"ABORT",   "ALTER",   "ANALYZE", "BEGIN",  "CALL",     "CHECKPOINT", "CLUSTER",   "COMMENT",
       "COMMIT",  "COPY",    "CREATE",  "DELETE", "DISCARD",  "DO",         "DROP",      "END",
       "EXECUTE", "EXPLAIN", "GRANT",   "IMPORT", "INSERT",   "LISTEN",     "LOAD",      "LOCK",
       "MERGE",   "NOTIFY",  "PERFORM", "PRAGMA", "PREPARE",  "REASSIGN",   "REFRESH",   "REINDEX",
       "RELEASE", "RENAME",  "REPLACE", "RESET",  "REVOKE",   "ROLLBACK",   "SAVEPOINT", "SECURITY",
       "SELECT",  "SET",     "START",   "TABLE",  "TRUNCATE", "UNLISTEN",   "UPDATE",    "USE",
       "VACUUM",  "VALUES",  "WITH"});
  return std::binary_search(words.begin(), words.end(), word);
}

}  // namespace muster::preflight
