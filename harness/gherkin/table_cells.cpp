#include "gherkin/blank.hpp"
#include "gherkin/token.hpp"

namespace muster::gherkin {
namespace {

/// Bytes of a blank that cells are stripped of: not the line end, which is content when it was
/// written `\n`.
std::size_t leading_cell_blank(std::string_view text) {
  if (text.empty()) return 0;
  switch (text[0]) {
    case ' ':
    case '\t':
    case '\v':
    case '\f':
    case '\r':
      return 1;
    default:
      return text.starts_with("\u0085") || text.starts_with("\u00A0") ? 2 : 0;
  }
}

std::size_t trailing_cell_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text.back()) < 0x80)
    return leading_cell_blank(text.substr(text.size() - 1));
  return text.ends_with("\u0085") || text.ends_with("\u00A0") ? 2 : 0;
}

std::string unescape(std::string_view raw) {
  std::string value;
  value.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      value += raw[i];
      continue;
    }
    const char next = raw[++i];
    if (next == 'n') {
      value += '\n';
    } else {
      if (next != '|' && next != '\\') value += '\\';
      value += next;
    }
  }
  return value;
}

/// Adds the cell that `raw` (between two bars, escapes unresolved) holds; `column` is that of its
/// first code point.
void add_cell(std::vector<messages::TableCell>& cells, int line, int column, std::string_view raw,
              bool escapes) {
  while (const std::size_t blank = leading_cell_blank(raw)) {
    raw.remove_prefix(blank);
    ++column;
  }
  std::string_view trimmed = raw;
  while (const std::size_t blank = trailing_cell_blank(trimmed)) trimmed.remove_suffix(blank);
  cells.push_back({{line, column}, escapes ? unescape(trimmed) : std::string(trimmed)});
}

}  // namespace

std::vector<messages::TableCell> table_cells(const Line& line) {
  const std::string_view text = line.trimmed;
  std::vector<messages::TableCell> cells;
  std::size_t start = std::string_view::npos;  // of the cell, in bytes; none before the first bar
  int start_column = 0;
  int column = line.indent;
  bool escapes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    column += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (c == '\\' && i + 1 < text.size()) {
      escapes = true;
      ++i;
      column += (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    } else if (c == '|') {
      if (start != std::string_view::npos) {
        add_cell(cells, line.number, start_column, text.substr(start, i - start), escapes);
      }
      start = i + 1;
      start_column = column + 1;
      escapes = false;
    }
  }
  return cells;
}

}  // namespace muster::gherkin
