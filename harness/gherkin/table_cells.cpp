#include "gherkin/table_cells.hpp"

#include "gherkin/blank.hpp"

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
    case '\xC2':
      return text.starts_with("\u0085") || text.starts_with("\u00A0") ? 2 : 0;
    default:
      return 0;
  }
}

std::size_t trailing_cell_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text.back()) < 0x80)
    return leading_cell_blank(text.substr(text.size() - 1));
  return text.ends_with("\u0085") || text.ends_with("\u00A0") ? 2 : 0;
}

/// And no blank.
bool is_printable_ascii(char c) {
  return c > ' ' && c < '\x7F';
}

/// A byte that continues a character.
bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

CellReader::CellReader(const Line& line)
    : text_(line.trimmed), marks_(line.trimmed, {}), offset_(line.indent + 1) {
  // what stands before the first bar is no cell
  bool escapes = false;
  if (find_bar(escapes)) ++at_;
}

/// Moves to the next bar that is not escaped, or to the end.
bool CellReader::find_bar(bool& escapes) {
  for (std::size_t mark = marks_.next(); mark < text_.size(); mark = marks_.next()) {
    if (mark < at_) continue;  // escaped
    at_ = mark;
    switch (text_[mark]) {
      case '|':
        return true;
      case '\\':
        if (mark + 1 == text_.size()) break;  // nothing to escape
        escapes = true;
        at_ = mark + 2;
        if (is_continuation(text_[mark + 1])) --offset_;
        break;
      case '<':
        brackets_ = true;
        break;
      default:
        if (is_continuation(text_[mark])) --offset_;
    }
  }
  at_ = text_.size();
  return false;
}

bool CellReader::next(RawCell& cell) {
  const std::size_t begin = at_;
  cell.column = static_cast<int>(begin) + offset_;
  cell.escapes = false;
  if (!find_bar(cell.escapes)) return false;
  cell.text = text_.substr(begin, at_ - begin);
  ++at_;
  const std::size_t spaces = leading_spaces(cell.text);
  cell.text.remove_prefix(spaces);
  cell.column += static_cast<int>(spaces);
  cell.text.remove_suffix(trailing_spaces(cell.text));
  if (!cell.text.empty() && is_printable_ascii(cell.text.front()) &&
      is_printable_ascii(cell.text.back())) {
    return true;
  }
  while (const std::size_t blank = leading_cell_blank(cell.text)) {
    cell.text.remove_prefix(blank);
    ++cell.column;
  }
  while (const std::size_t blank = trailing_cell_blank(cell.text)) cell.text.remove_suffix(blank);
  return true;
}

std::string unescape_cell(std::string_view raw) {
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

}  // namespace muster::gherkin
