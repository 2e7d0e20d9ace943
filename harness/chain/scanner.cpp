#include "chain/scanner.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace muster::chain {
namespace {

constexpr std::string_view kArrow = "→";
constexpr std::string_view kTimes = "×";
constexpr std::size_t kTextLimit = 1 << 20;

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '*' || c == '-' || c == '+' || c == '$';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// Whether the `{` at the front of `text` opens alternatives of a name: names, commas and braces
/// without blanks up to its
/// `}`, at least one comma. Otherwise it opens a group.
bool opens_alternatives(std::string_view text, std::size_t& length) {
  int depth = 0;
  bool comma = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{') {
      ++depth;
    } else if (c == '}') {
      if (--depth == 0) {
        length = at + 1;
        return comma;
      }
    } else if (c == ',') {
      comma = true;
    } else if (!is_word_byte(c)) {
      return false;
    }
  }
  return false;
}

class Scanner {
 public:
  Scanner(std::string_view text, const Place& origin) : text_(text), origin_(origin) {}

  Result<std::vector<Token>> scan() {
    if (text_.size() > kTextLimit) return fail(0, 1, "a chain is longer than 1 MiB");
    while (at_ < text_.size()) {
      if (!next()) return error_;
    }
    push(Token::Kind::end, at_, 0, {});
    return std::move(tokens_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  bool starts(std::string_view with) const { return rest().substr(0, with.size()) == with; }

  // Tokens come from left to right, so each column continues from the last: a line of a megabyte is
  // read once.
  int column_of(std::size_t begin) const {
    if (counted_to_ < line_begin_ || counted_to_ > begin) {
      counted_to_ = line_begin_;
      column_ = 1;
    }
    column_ += static_cast<int>(code_points(text_.substr(counted_to_, begin - counted_to_)));
    counted_to_ = begin;
    return column_;
  }

  Span span_of(std::size_t begin, std::size_t length) const {
    Span span;
    span.place.uri = origin_.uri;
    span.place.line = std::max(origin_.line, 1) + line_;
    span.place.column = origin_.column + column_of(begin);
    span.width = std::max(1, static_cast<int>(code_points(text_.substr(begin, length))));
    return span;
  }

  void push(Token::Kind kind, std::size_t begin, std::size_t length, std::string text) {
    tokens_.push_back({kind, std::move(text), span_of(begin, length), false});
  }

  Error fail(std::size_t begin, std::size_t length, std::string message, std::string hint = {}) {
    error_ = located("chain_syntax", std::move(message), span_of(begin, length), text_, origin_,
                     std::move(hint));
    return error_;
  }

  bool next() {
    const char c = text_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (c == '\n') {
      push(Token::Kind::separator, at_, 1, "\n");
      tokens_.back().new_line = true;
      line_begin_ = ++at_;
      ++line_;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (starts(kArrow)) {
      take(Token::Kind::separator, kArrow.size());
    } else if (starts("->")) {
      take(Token::Kind::separator, 2);
    } else if (c == '"') {
      return string();
    } else if (c == '/') {
      pointer(at_);
    } else if (!symbol()) {
      return word();
    }
    return true;
  }

  void take(Token::Kind kind, std::size_t length) {
    push(kind, at_, length, std::string(text_.substr(at_, length)));
    at_ += length;
  }

  bool symbol() {
    std::size_t length = 0;
    if (text_[at_] == '{' && opens_alternatives(rest(), length)) return false;
    constexpr std::array<std::string_view, 13> kSymbols = {"==", "!=", "<=", ">=", "=~", "<", ">",
                                                           "{",  "}",  "[",  "]",  ",",  "?"};
    for (const std::string_view candidate : kSymbols) {
      if (!starts(candidate)) continue;
      take(Token::Kind::symbol, candidate.size());
      return true;
    }
    return false;
  }

  // A JSON string; escapes are JSON's.
  bool string() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size() || text_[end] != '"') {
      fail(at_, 1, "this string has no end on its line");
      return false;
    }
    const std::size_t length = end + 1 - at_;
    const auto value = parse_json(text_.substr(at_, length));
    if (!value) {
      fail(at_, length, "this string is not a JSON string: " + value.error().message,
           "a backslash is written `\\\\`");
      return false;
    }
    push(Token::Kind::string, at_, length, value->get<std::string>());
    at_ += length;
    return true;
  }

  void pointer(std::size_t begin) {
    std::size_t end = at_;
    constexpr std::string_view kStops = " \t\r\n,{}[]=!<>\"";
    while (end < text_.size() && kStops.find(text_[end]) == std::string_view::npos &&
           text_.substr(end, kArrow.size()) != kArrow)
      ++end;
    at_ = begin;
    take(Token::Kind::word, end - begin);
  }

  bool word() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    if (starts(kTimes)) end += kTimes.size();
    while (end < text_.size() && text_.substr(end, 2) != "->") {
      std::size_t length = 0;
      if (is_word_byte(text_[end])) {
        ++end;
      } else if (text_[end] == '{' && opens_alternatives(text_.substr(end), length)) {
        end += length;
      } else {
        break;
      }
    }
    if (end == begin) {
      std::size_t length = 1;
      while (begin + length < text_.size() && (text_[begin + length] & 0xC0) == 0x80) ++length;
      fail(begin, length, "`" + printable(text_.substr(begin, length)) + "` has no meaning here");
      return false;
    }
    if (text_[begin] == '$' && end < text_.size() && text_[end] == '/') {
      at_ = end;
      pointer(begin);
    } else {
      take(Token::Kind::word, end - begin);
    }
    return true;
  }

  std::string_view text_;
  const Place& origin_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  int line_ = 0;
  mutable std::size_t counted_to_ = 0;
  mutable int column_ = 1;
  std::vector<Token> tokens_;
  Error error_;
};

}  // namespace

Error located(std::string code, std::string message, const Span& span, std::string_view text,
              const Place& origin, std::string hint) {
  Error made = error(std::move(code), std::move(message), std::move(hint));
  made.place = span.place;
  made.width = span.width;
  const int line = span.place.line - std::max(origin.line, 1) + 1;
  // the excerpt is aligned with columns that count from the start of the feature file's line
  made.excerpt = std::string(static_cast<std::size_t>(std::max(origin.column, 0)), ' ') +
                 std::string(line_of(text, line));
  return made;
}

Result<std::vector<Token>> scan(std::string_view text, const Place& origin) {
  return Scanner(text, origin).scan();
}

}  // namespace muster::chain
