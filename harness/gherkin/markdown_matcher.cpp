#include <algorithm>

#include "gherkin/blank.hpp"
#include "gherkin/table_cells.hpp"
#include "gherkin/token_matcher.hpp"

namespace muster::gherkin {
namespace {

/// A row of Gherkin is indented by two to five blanks, which tells it from other tables.
bool is_row(const Line& line) {
  return line.indent >= 2 && line.indent <= 5 && line.trimmed.starts_with('|');
}

/// `---`, `:--`, `:-:`: the line between head and body of a Markdown table.
bool is_rule_of_table(const Line& line) {
  if (!line.trimmed.starts_with('|')) return false;
  const auto dashes = [](std::string_view text) {
    if (text.starts_with(':')) text.remove_prefix(1);
    if (text.ends_with(':')) text.remove_suffix(1);
    return !text.empty() && text.find_first_not_of('-') == std::string_view::npos;
  };
  CellReader cells(line);
  for (RawCell cell; cells.next(cell);) {
    if (dashes(cell.text)) return true;
  }
  return false;
}

std::string_view backticks(std::string_view text) {
  return text.substr(0, std::min(text.find_first_not_of('`'), text.size()));
}

}  // namespace

void MarkdownMatcher::match(Token& token, Accept accept, Failures&) {
  const Line& line = token.line;
  token.keyword = {};
  token.text = {};
  token.keyword_type.reset();
  token.column = line.indent + 1;
  if (!separator_.empty()) {
    if (line.trimmed == separator_) {
      token.kind = TokenKind::doc_string_separator;
      token.keyword = separator_;
      separator_ = {};
    } else {
      token.kind = TokenKind::other;
      token.column = 1;
      token.text = without_indent(line, indent_to_remove_);
    }
    return;
  }
  token.kind = classify(token, accept);
  if (token.kind == TokenKind::other) {
    token.column = 1;
    token.text = without_indent(line, indent_to_remove_);
  } else if (token.kind == TokenKind::empty || token.kind == TokenKind::comment) {
    token.column = 1;
  }
  if (!accept.has(token.kind)) token.kind = TokenKind::none;
}

TokenKind MarkdownMatcher::classify(Token& token, Accept accept) {
  if (accept.has(TokenKind::feature_line)) {  // before the feature any line but tags is its name
    if (match_tags(token)) return TokenKind::tag_line;
    if (!had_feature_line_) {
      had_feature_line_ = true;
      if (!match_heading(token, dialect_.feature)) token.text = token.line.trimmed;
      return TokenKind::feature_line;
    }
  }
  // a comment without text, which no document keeps
  if (accept.has(TokenKind::comment) && is_rule_of_table(token.line)) return TokenKind::comment;
  const bool row = is_row(token.line);
  if (row && accept.has(TokenKind::table_row)) {
    token.keyword = "|";
    return TokenKind::table_row;
  }
  const bool fence = token.line.trimmed.starts_with("```");
  if (fence && accept.has(TokenKind::doc_string_separator) && match_doc_string(token)) {
    return TokenKind::doc_string_separator;
  }
  bool fits_elsewhere = row || fence;
  const auto try_as = [&](TokenKind kind, bool matched) {
    fits_elsewhere = fits_elsewhere || matched;
    return matched && accept.has(kind);
  };
  if (try_as(TokenKind::step_line, match_step(token))) return TokenKind::step_line;
  if (try_as(TokenKind::background_line, match_heading(token, dialect_.background))) {
    return TokenKind::background_line;
  }
  if (try_as(TokenKind::tag_line, match_tags(token))) return TokenKind::tag_line;
  if (try_as(TokenKind::examples_line, match_heading(token, dialect_.examples))) {
    return TokenKind::examples_line;
  }
  if (try_as(TokenKind::scenario_line, match_heading(token, dialect_.scenario))) {
    return TokenKind::scenario_line;
  }
  if (try_as(TokenKind::rule_line, match_heading(token, dialect_.rule)))
    return TokenKind::rule_line;
  token.keyword = token.text = {};
  token.keyword_type.reset();
  token.column = token.line.indent + 1;
  // prose is nothing; only what would mean something elsewhere is an error or a description here
  return fits_elsewhere || !accept.has(TokenKind::empty) ? TokenKind::other : TokenKind::empty;
}

bool MarkdownMatcher::match_heading(Token& token, std::span<const std::string_view> keywords) {
  const std::string_view trimmed = token.line.trimmed;
  const std::size_t hashes = std::min(trimmed.find_first_not_of('#'), trimmed.size());
  if (hashes < 1 || hashes > 6) return false;
  const std::size_t blank = leading_blank(trimmed.substr(hashes));
  if (blank == 0) return false;
  const std::string_view title = trimmed.substr(hashes + blank);
  for (const std::string_view keyword : keywords) {
    if (!title.starts_with(keyword) || !title.substr(keyword.size()).starts_with(':')) continue;
    token.keyword = keyword;
    token.text = trim_blanks(title.substr(keyword.size() + 1));
    token.column = token.line.indent + static_cast<int>(hashes) + 2;
    return true;
  }
  return false;
}

bool MarkdownMatcher::match_step(Token& token) {
  const std::string_view trimmed = token.line.trimmed;
  if (trimmed.empty() || std::string_view("*+-").find(trimmed[0]) == std::string_view::npos) {
    return false;
  }
  int blanks = 0;
  const std::string_view item = trim_left(trimmed.substr(1), blanks);
  for (const StepKeyword& keyword : dialect_.steps) {
    if (keyword.text == "* " || !item.starts_with(keyword.text)) continue;
    token.keyword = keyword.text;
    token.keyword_type = keyword.type;
    token.text = trim_blanks(item.substr(keyword.text.size()));
    token.column = token.line.indent + 1 + blanks + 1;
    return true;
  }
  return false;
}

bool MarkdownMatcher::match_tags(Token& token) {
  const std::string_view text = token.line.trimmed;
  token.tags.clear();
  for (std::size_t at = text.find("`@"); at != std::string_view::npos; at = text.find("`@", at)) {
    const std::size_t end = text.find('`', at + 2);
    if (end == std::string_view::npos) break;
    if (end == at + 2) {  // "`@`" is no tag, but its last backtick may begin one
      at = end;
      continue;
    }
    const int column = token.line.indent + count_code_points(text.substr(0, at)) + 2;
    token.tags.push_back({column, text.substr(at + 1, end - at - 1)});
    at = end + 1;
  }
  return !token.tags.empty();
}

bool MarkdownMatcher::match_doc_string(Token& token) {
  const std::string_view trimmed = token.line.trimmed;
  separator_ = backticks(trimmed);
  indent_to_remove_ = token.line.indent;
  token.keyword = separator_;
  token.text = trimmed.substr(separator_.size());
  return true;
}

}  // namespace muster::gherkin
