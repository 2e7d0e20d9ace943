#include "gherkin/token.hpp"

#include <array>

#include "gherkin/table_cells.hpp"
#include "messages/messages.hpp"

namespace muster::gherkin {
namespace {

constexpr std::array<std::string_view, 15> kNames = {
    "EOF",     "Language",    "TableRow",     "DocStringSeparator", "StepLine", "BackgroundLine",
    "TagLine", "FeatureLine", "ExamplesLine", "ScenarioLine",       "RuleLine", "Comment",
    "Empty",   "Other",       "None"};

}  // namespace

std::string_view to_text(TokenKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::string expected_text(Accept accept) {
  std::string text;
  for (std::size_t i = 0; i < static_cast<std::size_t>(TokenKind::none); ++i) {
    if (!accept.has(static_cast<TokenKind>(i))) continue;
    if (!text.empty()) text += ", ";
    text += '#';
    text += kNames[i];
  }
  return text;
}

std::string token_line(const Token& token) {
  if (token.kind == TokenKind::eof) return "EOF\n";
  // a comment without text is the rule of a Markdown table
  const bool left_out = token.kind == TokenKind::comment && token.text.empty();
  std::string line =
      "(" + std::to_string(token.line.number) + ":" + std::to_string(token.column) + ")";
  line += to_text(left_out ? TokenKind::empty : token.kind);
  line += ':';
  if (!token.keyword.empty()) {
    line += '(';
    if (token.keyword_type) line += messages::to_text(*token.keyword_type);
    line += ')';
    line += token.keyword;
  }
  line += '/';
  line += token.text;
  line += '/';
  std::string items;
  const auto add = [&](int column, std::string_view text) {
    if (!items.empty()) items += ',';
    items += std::to_string(column) + ":" + std::string(text);
  };
  if (token.kind == TokenKind::tag_line) {
    for (const TagItem& tag : token.tags) add(tag.column, tag.name);
  } else if (token.kind == TokenKind::table_row) {
    CellReader cells(token.line);
    for (RawCell cell; cells.next(cell);) {
      add(cell.column, cell.escapes ? unescape_cell(cell.text) : cell.text);
    }
  }
  return line + items + "\n";
}

}  // namespace muster::gherkin
