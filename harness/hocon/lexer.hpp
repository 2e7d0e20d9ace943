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
  problem,  ///< what the lexer could not read: `text` says why, `path` has a hint. Then comes
            ///< `end`.
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;             ///< a string's value; for all others what the file says
  Spot spot;                    ///< where it begins
  bool optional = false;        ///< `${?`
  bool list = false;            ///< `${X[]}`
  bool multi_line = false;      ///< a triple-quoted string
  bool odd_escape = false;      ///< has an escape that pyhocon leaves as it is
  bool before_slashes = false;  ///< text that ends at `//`
  std::vector<Token> path{};    ///< of a substitution

  std::string hint() const { return path.empty() ? std::string() : path.front().text; }

  bool is_simple() const {
    return kind == TokenKind::text || kind == TokenKind::string || kind == TokenKind::number ||
           kind == TokenKind::boolean || kind == TokenKind::null || kind == TokenKind::substitution;
  }
  bool is_blank_text() const;  ///< unquoted text of white space only
};

/// For messages: `'}'`, `end of file`, `text 'x'`.
std::string describe(const Token& token);

/// The tokens of a source, one after another. In JSON there are no comments. `lists` allows
/// `${X[]}`.
class Lexer {
 public:
  explicit Lexer(const Source& source, bool lists = false)
      : source_(source),
        text_(source.text),
        lists_(lists),
        comments_(source.syntax != Syntax::json) {}

  /// The next token; at the end `end` again and again.
  Token pull();

 private:
  struct Problem {
    Token token;
  };

  char32_t peek() const;
  char32_t take();
  Spot here() const { return {&source_, line_, column_}; }
  Token make(TokenKind kind, std::string text = {}) const;
  [[noreturn]] static void fail(const Spot& spot, std::string message, std::string hint = {});
  bool comment_begins() const;
  bool space_before(const Token& token, Token& space);
  Token next();
  Token single(TokenKind kind);
  Token comment();
  Token plus_equals();
  Token unquoted();
  Token number();
  Token quoted();
  Token triple_quoted(Token token);
  void escape(Token& token, const Spot& spot);
  void unicode_escape(Token& token, const Spot& spot);
  char32_t hex4(const Spot& spot);
  Token substitution();

  const Source& source_;
  std::string_view text_;
  bool lists_;
  bool comments_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
  bool after_simple_ = false;
  int nested_ = 0;  // substitutions within each other
  bool ended_ = false;
  bool has_waiting_ = false;
  Token waiting_;      // comes after the white space that `pull` returned
  std::string space_;  // white space before the token that `next` returned
  Spot space_spot_;
};

/// All tokens of a source, `end` last.
std::vector<Token> lex(const Source& source);

}  // namespace muster::hocon
