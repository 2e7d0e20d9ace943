#include "gherkin/blank.hpp"
#include "gherkin/token_matcher.hpp"

namespace muster::gherkin {
namespace {

/// The language of a header `# language: xx`, empty when `trimmed` is none.
std::string_view language_of(std::string_view trimmed) {
  constexpr std::string_view kWord = "language";
  std::string_view rest = trim_left(trimmed.substr(1));
  if (!rest.starts_with(kWord)) return {};
  rest = trim_left(rest.substr(kWord.size()));
  if (!rest.starts_with(':')) return {};
  rest = trim_blanks(rest.substr(1));
  for (const char c : rest) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && c != '-' && c != '_') return {};
  }
  return rest;
}

/// Where a comment begins in a tag line: a blank, then `#`. npos when there is none.
std::size_t comment_in(std::string_view text) {
  for (std::size_t hash = text.find('#', 1); hash != std::string_view::npos;
       hash = text.find('#', hash + 1)) {
    if (const std::size_t blank = trailing_blank(text.substr(0, hash))) return hash - blank;
  }
  return std::string_view::npos;
}

/// As starts_with; most texts differ in their first byte, which is not worth a call.
bool begins_with(std::string_view text, std::string_view start) {
  return !text.empty() && text[0] == start[0] && text.starts_with(start);
}

bool has_blank(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1)) {
    if (leading_blank(text) > 0) return true;
  }
  return false;
}

}  // namespace

std::string_view without_indent(const Line& line, int count) {
  if (count > line.indent) return line.trimmed;
  std::string_view text = line.text;
  // where the blanks are as many as their bytes, all are ASCII
  const auto blanks = static_cast<std::size_t>(line.trimmed.data() - line.text.data());
  if (static_cast<std::size_t>(line.indent) == blanks) {
    text.remove_prefix(static_cast<std::size_t>(count));
    return text;
  }
  for (; count > 0; --count) text.remove_prefix(leading_blank(text));
  return text;
}

void PlainMatcher::use(const Dialect& dialect) {
  dialect_ = &dialect;
  begins_keyword_ = {};
  const auto mark = [&](std::string_view keyword) {
    begins_keyword_[static_cast<unsigned char>(keyword[0])] = true;
  };
  for (const auto& keywords :
       {dialect.feature, dialect.background, dialect.rule, dialect.scenario, dialect.examples}) {
    for (const auto keyword : keywords) mark(keyword);
  }
  for (const auto& keyword : dialect.steps) mark(keyword.text);
}

void PlainMatcher::match(Token& token, Accept accept, Failures& failures) {
  const Line& line = token.line;
  token.keyword = {};
  token.text = {};
  token.keyword_type.reset();
  token.column = line.indent + 1;
  if (!separator_.empty()) return match_in_doc_string(token);
  if (line.trimmed.empty()) {
    token.kind = accept.has(TokenKind::empty) ? TokenKind::empty : TokenKind::other;
    token.column = 1;
    if (token.kind == TokenKind::other) token.text = line.text;
  } else if (match_marked(token, accept, failures) || match_keyword(token, accept)) {
    return;
  } else {
    token.kind = TokenKind::other;
    token.column = 1;
    token.text = line.text;
  }
  if (!accept.has(token.kind)) token.kind = TokenKind::none;
}

void PlainMatcher::match_in_doc_string(Token& token) {
  const Line& line = token.line;
  if (begins_with(line.trimmed, separator_)) {
    token.kind = TokenKind::doc_string_separator;
    token.keyword = separator_;
    separator_ = {};
    return;
  }
  token.kind = TokenKind::other;
  token.column = 1;
  token.text = without_indent(line, doc_string_indent_);
  if (!escapes_) return;
  const std::string_view escaped = separator_[0] == '"' ? R"(\"\"\")" : R"(\`\`\`)";
  const auto found = token.text.find(escaped);
  if (found == std::string_view::npos) return;
  unescaped_ = token.text;
  token.text = unescaped_.replace(found, escaped.size(), separator_);
}

bool PlainMatcher::match_marked(Token& token, Accept accept, Failures& failures) {
  switch (token.line.trimmed[0]) {
    case '@':
      return accept.has(TokenKind::tag_line) && match_tags(token, failures);
    case '#':
      if (accept.has(TokenKind::language) && match_language(token, failures)) return true;
      if (!accept.has(TokenKind::comment)) return false;
      token.kind = TokenKind::comment;
      token.column = 1;
      token.text = token.line.text;
      return true;
    case '|':
      if (!accept.has(TokenKind::table_row)) return false;
      token.kind = TokenKind::table_row;
      return true;
    case '"':
    case '`':
      return accept.has(TokenKind::doc_string_separator) && match_doc_string(token);
    default:
      return false;
  }
}

bool PlainMatcher::match_tags(Token& token, Failures& failures) {
  const Line& line = token.line;
  const std::string_view text = line.trimmed.substr(0, comment_in(line.trimmed));
  token.tags.clear();
  int column = line.indent + 1;
  for (std::size_t at = 0; at < text.size();) {  // at an `@`
    const std::size_t next = std::min(text.find('@', at + 1), text.size());
    const std::string_view item = text.substr(at + 1, next - at - 1);
    const std::string_view name = trim_right(item);
    if (!name.empty()) {
      if (has_blank(name)) {
        failures.add(line.number, column, "A tag may not contain whitespace");
        return false;
      }
      token.tags.push_back({column, text.substr(at, name.size() + 1)});
      column += count_code_points(item) + 1;
    }
    at = next;
  }
  token.kind = TokenKind::tag_line;
  return true;
}

bool PlainMatcher::match_language(Token& token, Failures& failures) {
  const std::string_view language = language_of(token.line.trimmed);
  if (language.empty()) return false;
  const Dialect* dialect = find_dialect(language);
  if (dialect == nullptr) {
    // the line becomes a comment then, whose column the official error takes over
    failures.add(token.line.number, token.column,
                 "Language not supported: " + std::string(language), {token.line.number, 1});
    return false;
  }
  use(*dialect);
  token.kind = TokenKind::language;
  token.text = language;
  return true;
}

bool PlainMatcher::match_doc_string(Token& token) {
  const std::string_view trimmed = token.line.trimmed;
  if (!trimmed.starts_with(R"(""")") && !trimmed.starts_with("```")) return false;
  separator_ = trimmed[0] == '"' ? R"(""")" : "```";
  doc_string_indent_ = token.line.indent;
  token.kind = TokenKind::doc_string_separator;
  token.keyword = separator_;
  token.text = trim_blanks(trimmed.substr(separator_.size()));
  return true;
}

bool PlainMatcher::match_keyword(Token& token, Accept accept) {
  const std::string_view trimmed = token.line.trimmed;
  if (!begins_keyword_[static_cast<unsigned char>(trimmed[0])]) return false;
  if (accept.has(TokenKind::step_line)) {
    for (const StepKeyword& keyword : dialect_->steps) {
      if (!begins_with(trimmed, keyword.text)) continue;
      token.kind = TokenKind::step_line;
      token.keyword = keyword.text;
      token.keyword_type = keyword.type;
      token.text = trim_blanks(trimmed.substr(keyword.text.size()));
      return true;
    }
  }
  const auto title = [&](TokenKind kind, std::span<const std::string_view> keywords) {
    return accept.has(kind) && match_title(token, kind, keywords);
  };
  return title(TokenKind::background_line, dialect_->background) ||
         title(TokenKind::feature_line, dialect_->feature) ||
         title(TokenKind::examples_line, dialect_->examples) ||
         title(TokenKind::scenario_line, dialect_->scenario) ||
         title(TokenKind::rule_line, dialect_->rule);
}

bool PlainMatcher::match_title(Token& token, TokenKind kind,
                               std::span<const std::string_view> keywords) {
  const std::string_view trimmed = token.line.trimmed;
  for (const std::string_view keyword : keywords) {
    if (!begins_with(trimmed, keyword) || !trimmed.substr(keyword.size()).starts_with(':'))
      continue;
    token.kind = kind;
    token.keyword = keyword;
    token.text = trim_blanks(trimmed.substr(keyword.size() + 1));
    return true;
  }
  return false;
}

}  // namespace muster::gherkin
