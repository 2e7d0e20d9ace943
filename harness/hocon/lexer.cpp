// The tokens are those of the reference's Tokenizer: the same characters end unquoted text, numbers
// are tried first where a digit or a minus begins, and white space between two simple values is
// text, because a concatenation keeps it.
#include "hocon/lexer.hpp"

#include <cstdint>

#include "base/text.hpp"
#include "hocon/number.hpp"

namespace muster::hocon {
namespace {

constexpr char32_t end_of_file = 0xFFFFFFFF;
constexpr std::string_view reserved = "$\"{}[]:=,+#`^?!@*&\\";
constexpr std::string_view number_characters = "0123456789eE+-.";

bool one_of(char32_t c, std::string_view set) {
  return c < 0x80 && set.find(static_cast<char>(c)) != std::string_view::npos;
}

std::string name_of_character(char32_t c) {
  if (c == end_of_file) return "end of file";
  if (c == '\n') return "a line end";
  if (c == '\t') return "a tab";
  std::string text;
  append_utf8(text, c);
  return c < 0x20 ? "control character " + printable(text) : "'" + text + "'";
}

}  // namespace

char32_t Lexer::peek() const {
  return at_ < text_.size() ? code_point_at(text_, at_).value : end_of_file;
}

char32_t Lexer::take() {
  if (at_ >= text_.size()) return end_of_file;
  const CodePoint c = code_point_at(text_, at_);
  at_ += c.bytes;
  if (c.value == '\n') {
    ++line_;
    column_ = 1;
  } else {
    ++column_;
  }
  return c.value;
}

Token Lexer::make(TokenKind kind, std::string text) const {
  Token token;
  token.kind = kind;
  token.text = std::move(text);
  token.spot = here();
  return token;
}

void Lexer::fail(const Spot& spot, std::string message, std::string hint) {
  Problem problem;
  problem.token.kind = TokenKind::problem;
  problem.token.text = std::move(message);
  if (!hint.empty()) problem.token.path.push_back({TokenKind::text, std::move(hint), spot});
  problem.token.spot = spot;
  throw problem;
}

bool Lexer::comment_begins() const {
  return comments_ && (peek() == '#' || text_.substr(at_, 2) == "//");
}

// White space before `token`: text between two simple values, nothing of interest elsewhere.
bool Lexer::space_before(const Token& token, Token& space) {
  const bool between = after_simple_ && token.is_simple();
  after_simple_ = token.is_simple();
  if (space_.empty()) return false;
  space = make(between ? TokenKind::text : TokenKind::space, space_);
  space.spot = space_spot_;
  return true;
}

Token Lexer::pull() {
  if (has_waiting_) {
    has_waiting_ = false;
    return std::move(waiting_);
  }
  if (ended_) return make(TokenKind::end);
  try {
    Token token = next();
    ended_ = token.kind == TokenKind::end;
    Token space;
    if (!space_before(token, space)) return token;
    waiting_ = std::move(token);
    has_waiting_ = true;
    return space;
  } catch (Problem& problem) {
    ended_ = true;
    return std::move(problem.token);
  }
}

Token Lexer::next() {
  space_.clear();
  space_spot_ = here();
  while (at_ < text_.size() && peek() != '\n' && is_space(peek())) append_utf8(space_, take());
  if (at_ >= text_.size()) return make(TokenKind::end);
  if (comment_begins()) return comment();
  const char32_t c = peek();
  switch (c) {
    case '\n':
      return single(TokenKind::newline);
    case '"':
      return quoted();
    case '$':
      return substitution();
    case ':':
      return single(TokenKind::colon);
    case ',':
      return single(TokenKind::comma);
    case '=':
      return single(TokenKind::equals);
    case '{':
      return single(TokenKind::open_brace);
    case '}':
      return single(TokenKind::close_brace);
    case '[':
      return single(TokenKind::open_bracket);
    case ']':
      return single(TokenKind::close_bracket);
    case '+':
      return plus_equals();
    default:
      break;
  }
  if (one_of(c, "0123456789-")) return number();
  if (one_of(c, reserved))
    fail(here(), "'" + std::string(1, static_cast<char>(c)) + "' is reserved outside quotes",
         "put the key or value in double quotes");
  return unquoted();
}

Token Lexer::single(TokenKind kind) {
  Token token = make(kind);
  append_utf8(token.text, take());
  return token;
}

Token Lexer::comment() {
  Token token = make(TokenKind::comment);
  while (at_ < text_.size() && peek() != '\n') append_utf8(token.text, take());
  return token;
}

Token Lexer::plus_equals() {
  Token token = single(TokenKind::plus_equals);
  if (peek() != '=')
    fail(here(),
         "'+' is reserved outside quotes and stands only before '=', not before " +
             name_of_character(peek()),
         "put the key or value in double quotes");
  token.text += static_cast<char>(take());
  return token;
}

// Words that JSON knows are taken as such even when more text follows: `truefoo` is true, foo.
Token Lexer::unquoted() {
  Token token = make(TokenKind::text);
  while (at_ < text_.size()) {
    const char32_t c = peek();
    if (one_of(c, reserved) || is_space(c)) break;
    if (comment_begins()) {
      token.before_slashes = text_[at_] == '/';
      break;
    }
    append_utf8(token.text, take());
    if (token.text == "true" || token.text == "false") {
      token.kind = TokenKind::boolean;
      break;
    }
    if (token.text == "null") {
      token.kind = TokenKind::null;
      break;
    }
  }
  return token;
}

Token Lexer::number() {
  Token token = make(TokenKind::number);
  while (at_ < text_.size() && one_of(peek(), number_characters)) append_utf8(token.text, take());
  if (is_number(token.text)) return token;
  if (token.text.find('+') != std::string::npos)
    fail(token.spot, "'+' is reserved outside quotes", "put the value in double quotes");
  token.kind = TokenKind::text;
  return token;
}

Token Lexer::quoted() {
  Token token = make(TokenKind::string);
  take();
  if (text_.substr(at_, 2) == "\"\"") return triple_quoted(std::move(token));
  while (true) {
    const Spot spot = here();
    const char32_t c = take();
    if (c == '"') return token;
    if (c == '\\') {
      escape(token, spot);
    } else if (c == end_of_file || c < 0x20) {
      fail(spot,
           c == end_of_file || c == '\n'
               ? "the string is not closed before " + name_of_character(c)
               : "a string may not contain " + name_of_character(c) + " as it is",
           c == end_of_file || c == '\n' ? "close it with '\"', or use \"\"\" for several lines"
                                         : "write it as an escape");
    } else {
      append_utf8(token.text, c);
    }
  }
}

// The last three of a run of quotes close it; those before belong to the text.
Token Lexer::triple_quoted(Token token) {
  take();
  take();
  token.multi_line = true;
  const std::size_t begin = at_;
  std::size_t quotes = 0;
  while (at_ < text_.size()) {
    if (peek() == '"') {
      ++quotes;
    } else if (quotes >= 3) {
      break;
    } else {
      quotes = 0;
    }
    take();
  }
  if (quotes < 3)
    fail(here(), "the file ends inside a \"\"\" string",
         "it begins on line " + std::to_string(token.spot.line));
  token.text = text_.substr(begin, at_ - begin - 3);
  return token;
}

void Lexer::escape(Token& token, const Spot& spot) {
  const char32_t c = take();
  constexpr std::string_view from = "\"\\/bfnrt";
  constexpr std::string_view to = "\"\\/\b\f\n\r\t";
  if (c == 'u') {
    token.odd_escape = true;
    unicode_escape(token, spot);
  } else if (c < 0x80 && from.find(static_cast<char>(c)) != std::string_view::npos) {
    token.text += to[from.find(static_cast<char>(c))];
    token.odd_escape = token.odd_escape || c == '/' || c == 'b' || c == 'f';
  } else {
    fail(spot, "'\\' before " + name_of_character(c) + " is no escape",
         "write '\\\\' for a backslash");
  }
}

void Lexer::unicode_escape(Token& token, const Spot& spot) {
  char32_t c = hex4(spot);
  if (c >= 0xD800 && c <= 0xDBFF && text_.substr(at_, 2) == "\\u") {
    take();
    take();
    const char32_t low = hex4(spot);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else {
      append_utf8(token.text, c);
      c = low;
    }
  }
  append_utf8(token.text, c);
}

char32_t Lexer::hex4(const Spot& spot) {
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char32_t c = peek();
    const int digit = c >= '0' && c <= '9'   ? static_cast<int>(c - '0')
                      : c >= 'a' && c <= 'f' ? static_cast<int>(c - 'a') + 10
                      : c >= 'A' && c <= 'F' ? static_cast<int>(c - 'A') + 10
                                             : -1;
    if (digit < 0) fail(spot, "'\\u' needs four hexadecimal digits");
    take();
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return value;
}

Token Lexer::substitution() {
  Token token = make(TokenKind::substitution);
  // Its path is malformed then, which is found when all else is well formed.
  if (++nested_ > 64) fail(token.spot, "substitutions cannot be nested");
  const std::size_t begin = at_;
  take();
  if (peek() != '{')
    fail(here(),
         "'$' is reserved outside quotes and stands only before '{', not before " +
             name_of_character(peek()),
         "put the value in double quotes");
  take();
  if (peek() == '?') {
    take();
    token.optional = true;
  }
  const bool after_simple = after_simple_;
  const std::string space_outside = space_;
  const Spot spot_outside = space_spot_;
  after_simple_ = false;
  while (true) {
    if (lists_ && text_.substr(at_, 3) == "[]}") {
      token.list = true;
      take();
      take();
    }
    Token part = next();
    if (part.kind == TokenKind::close_brace) break;
    if (part.kind == TokenKind::end) fail(token.spot, "'${' is not closed with '}'");
    Token space;
    if (space_before(part, space)) token.path.push_back(std::move(space));
    token.path.push_back(std::move(part));
  }
  --nested_;
  after_simple_ = after_simple;
  space_ = space_outside;
  space_spot_ = spot_outside;
  token.text = text_.substr(begin, at_ - begin);
  return token;
}

bool Token::is_blank_text() const {
  return kind == TokenKind::text && trim_space(text).empty();
}

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::end:
      return "end of file";
    case TokenKind::newline:
      return "end of line";
    case TokenKind::comment:
      return "a comment";
    case TokenKind::string:
      return "string \"" + shorten(printable(token.text), 40) + "\"";
    default:
      return "'" + shorten(printable(token.text), 40) + "'";
  }
}

std::vector<Token> lex(const Source& source) {
  Lexer lexer(source);
  std::vector<Token> tokens{lexer.pull()};
  while (tokens.back().kind != TokenKind::end) tokens.push_back(lexer.pull());
  return tokens;
}

}  // namespace muster::hocon
