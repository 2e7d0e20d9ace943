#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// SQL cut into tokens and statements, just deep enough to tell a terminator from a `;` inside a
/// string, a comment, a dollar-quoted body, parentheses or a compound statement.
namespace muster::preflight {

enum class Dialect { postgres, sqlite, mysql };

/// `postgres`, `sqlite`, `mysql`.
std::string_view name_of(Dialect dialect);
/// Also `postgresql`, `sqlite3`, `mariadb`.
std::optional<Dialect> dialect_from_string(std::string_view name);

enum class TokenKind { word, number, string, quoted_name, body, semicolon, open, close, symbol };

struct Token {
  TokenKind kind = TokenKind::symbol;
  std::size_t begin = 0;  ///< byte offsets in the text
  std::size_t end = 0;
  int line = 1;                ///< of its first byte, from 1 within the text
  int end_line = 1;            ///< of its last byte
  int column = 1;              ///< in bytes
  int depth = 0;               ///< parentheses around it
  bool first_on_line = false;  ///< nothing but blanks and comments before it on its line
  std::string word;            ///< upper case, of words only
};

/// A statement: tokens [first, last) without its terminator.
struct Statement {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t begin = 0;  ///< bytes [begin, end) from its first token to its last
  std::size_t end = 0;
  bool terminated = false;
};

struct LexProblem {
  std::size_t offset = 0;
  std::string message;
};

struct Lexed {
  std::vector<Token> tokens;
  std::optional<LexProblem> problem;  ///< a string, comment or name that does not end
};

Lexed lex(std::string_view sql, Dialect dialect);

/// The statements between terminators; empty ones are left out.
std::vector<Statement> split_statements(const std::vector<Token>& tokens, Dialect dialect);

/// A word that begins a statement, in upper case.
bool starts_statement(std::string_view word);

}  // namespace muster::preflight
