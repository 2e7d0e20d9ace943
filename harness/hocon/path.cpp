#include "hocon/path.hpp"

#include "base/text.hpp"
#include "hocon/hocon.hpp"

namespace muster::hocon {
namespace {

class Elements {
 public:
  Elements(const Spot& whole, std::size_t limit) : whole_(whole), limit_(limit) {}

  void add_quoted(const std::string& text) {
    current_ += text;
    may_be_empty_ = may_be_empty_ || current_.empty();
  }

  void add_text(std::string_view text) {
    for (std::size_t dot; (dot = text.find('.')) != std::string_view::npos;) {
      current_ += text.substr(0, dot);
      finish();
      text.remove_prefix(dot + 1);
    }
    current_ += text;
  }

  PathElements take() {
    finish();
    return std::move(elements_);
  }

 private:
  void finish() {
    if (current_.empty() && !may_be_empty_)
      refuse("path", "a path may not begin or end with '.', nor have two in a row", whole_,
             "write \"\" for an empty element");
    if (elements_.size() == limit_)
      refuse("limit", "a path has more than " + std::to_string(limit_) + " elements", whole_);
    elements_.push_back(std::move(current_));
    current_.clear();
    may_be_empty_ = false;
  }

  Spot whole_;
  std::size_t limit_;
  PathElements elements_;
  std::string current_;
  bool may_be_empty_ = false;
};

bool plain(const std::string& element) {
  if (element.empty() || (element[0] >= '0' && element[0] <= '9') || element[0] == '-')
    return false;
  for (const char c : element) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
    if (!word) return false;
  }
  return true;
}

}  // namespace

PathElements path_of(const std::vector<Token>& tokens, const Spot& whole, std::size_t limit) {
  Elements elements(whole, limit);
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::space) continue;
    if (token.kind == TokenKind::string) {
      elements.add_quoted(token.text);
    } else if (token.is_simple() && token.kind != TokenKind::substitution) {
      elements.add_text(token.text);
    } else if (token.kind == TokenKind::problem) {
      refuse("syntax", token.text, token.spot, token.hint());
    } else {
      const bool here = token.spot.line == whole.line;
      refuse("path", describe(token) + " is not allowed in a path", here ? token.spot : whole,
             "put it in double quotes");
    }
  }
  return elements.take();
}

Result<std::vector<std::string>> parse_path(std::string_view expression) {
  const Source source = make_source("", expression, Syntax::hocon);
  std::vector<Token> tokens = lex(source);
  tokens.pop_back();
  try {
    return path_of(tokens, {&source, 1, 1}, 100'000);
  } catch (Failure& failure) {
    failure.error.code = "path";
    return std::move(failure.error);
  }
}

std::string render_path(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& element : elements) {
    if (!text.empty()) text += '.';
    text += plain(element) ? element : dump_json(Json(element));
  }
  return text;
}

}  // namespace muster::hocon
