#pragma once

#include <string>
#include <vector>

#include "hocon/source.hpp"

namespace muster::hocon {

enum class TokenKind {
  end,
  newline,
  comment,
  space,  ///< white space that no concatenation keeps
  comma,
  colon,
  equals,
  plus_equals,
  open_brace,
  close_brace,
  open_bracket,
  close_bracket,
  text,    ///< unquoted text, also the white space between two simple values
  string,  ///< quoted
  number,
  boolean,
  null,
  substitution,
  problem,  ///< what the lexer could not read: `text` says why. Nothing follows but `end`.
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;             ///< a string's value; for all others what the file says
  Spot spot;                    ///< where it begins
  std::string hint;             ///< of a problem
  bool optional = false;        ///< `${?`
  bool list = false;            ///< `${X[]}`
  bool multi_line = false;      ///< a triple-quoted string
  bool odd_escape = false;      ///< has an escape that pyhocon leaves as it is
  bool before_slashes = false;  ///< text that ends at `//`
  std::vector<Token> path{};    ///< of a substitution

  bool is_simple() const {
    return kind == TokenKind::text || kind == TokenKind::string || kind == TokenKind::number ||
           kind == TokenKind::boolean || kind == TokenKind::null || kind == TokenKind::substitution;
  }
  bool is_blank_text() const;  ///< unquoted text of white space only
};

/// For messages: `'}'`, `end of file`, `text 'x'`.
std::string describe(const Token& token);

/// All tokens of a source. In JSON there are no comments. `lists` allows `${X[]}`.
std::vector<Token> lex(const Source& source, bool lists = false);

}  // namespace muster::hocon
