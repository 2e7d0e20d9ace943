#include "preflight/import_proto_lexer.hpp"

#include <cctype>
#include <charconv>

#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

bool is_word_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_word_byte(char c) {
  return is_word_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<ProtoToken>> lex() {
    std::vector<ProtoToken> tokens;
    for (;;) {
      skip_blanks();
      ProtoToken token;
      token.line = line_;
      token.column = static_cast<int>(at_ - line_start_) + 1;
      if (!problem_.empty()) return fail(token);
      if (at_ >= text_.size()) {
        tokens.push_back(token);
        return tokens;
      }
      read(token);
      if (!problem_.empty()) return fail(token);
      tokens.push_back(std::move(token));
    }
  }

 private:
  Error fail(const ProtoToken& token) const {
    Error why = error("proto", problem_);
    why.place = Place{"", token.line, token.column};
    return why;
  }

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(peek())) != 0) {
        step();
      } else if (peek() == '/' && peek(1) == '/') {
        while (at_ < text_.size() && peek() != '\n') step();
      } else if (peek() == '/' && peek(1) == '*') {
        at_ += 2;
        while (at_ < text_.size() && !(peek() == '*' && peek(1) == '/')) step();
        if (at_ >= text_.size()) {
          problem_ = "a comment does not end";
          return;
        }
        at_ += 2;
      } else if (text_.substr(at_).starts_with("\xef\xbb\xbf") && at_ == 0) {
        at_ += 3;
      } else {
        return;
      }
    }
  }

  void read(ProtoToken& token) {
    const std::size_t start = at_;
    if (is_word_start(peek()) || (peek() == '.' && is_word_start(peek(1)))) {
      token.kind = ProtoTokenKind::word;
      if (peek() == '.') ++at_;
      while (is_word_byte(peek()) || (peek() == '.' && is_word_start(peek(1)))) ++at_;
    } else if (std::isdigit(static_cast<unsigned char>(peek())) != 0 ||
               (peek() == '.' && std::isdigit(static_cast<unsigned char>(peek(1))) != 0)) {
      token.kind = ProtoTokenKind::number;
      while (is_word_byte(peek()) || peek() == '.' ||
             ((peek() == '+' || peek() == '-') &&
              (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E') &&
              !text_.substr(start).starts_with("0x")))
        ++at_;
    } else if (peek() == '"' || peek() == '\'') {
      token.kind = ProtoTokenKind::string;
      const char quote = peek();
      ++at_;
      while (at_ < text_.size() && peek() != quote && peek() != '\n')
        at_ += peek() == '\\' && at_ + 1 < text_.size() ? 2 : 1;
      if (peek() != quote || at_ >= text_.size()) {
        problem_ = "a string does not end";
        return;
      }
      token.text = unescape_bytes(text_.substr(start + 1, at_ - start - 1));
      ++at_;
      return;
    } else {
      token.kind = ProtoTokenKind::symbol;
      ++at_;
    }
    token.text = std::string(text_.substr(start, at_ - start));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  std::string problem_;
};

}  // namespace

Result<std::vector<ProtoToken>> lex_proto(std::string_view text) {
  return Lexer(text).lex();
}

std::string unescape_bytes(std::string_view text) {
  static constexpr std::string_view letters = "abfnrtv\\'\"?";
  static constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\'\"?";
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      bytes += text[i];
      continue;
    }
    const char letter = text[++i];
    const auto number = [&](std::size_t from, std::size_t most, int base) {
      unsigned code = 0;
      const char* begin = text.data() + from;
      const char* end = text.data() + std::min(text.size(), from + most);
      const char* stop = std::from_chars(begin, end, code, base).ptr;
      i = static_cast<std::size_t>(stop - text.data()) - 1;
      return code;
    };
    if (letter >= '0' && letter <= '7') {
      bytes += static_cast<char>(number(i, 3, 8));
    } else if (letter == 'x' || letter == 'X') {
      bytes += static_cast<char>(number(i + 1, 2, 16));
    } else if (letter == 'u') {
      append_utf8(bytes, number(i + 1, 4, 16));
    } else if (letter == 'U') {
      append_utf8(bytes, number(i + 1, 8, 16));
    } else if (const std::size_t known = letters.find(letter); known != std::string_view::npos) {
      bytes += meanings[known];
    } else if (letter != '\n') {
      bytes += '\\';
      bytes += letter;
    }
  }
  return bytes;
}

}  // namespace muster::preflight
