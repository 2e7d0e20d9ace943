#include "gherkin/table_cells.hpp"

#include <cstdint>
#include <cstring>

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

bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data(), 8);
    if ((eight & kHighBits) != 0) return false;
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

CellReader::CellReader(const Line& line)
    : text_(line.trimmed), at_(text_.size()), ascii_(is_ascii(text_)) {
  // what stands before the first bar is no cell
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++i;
    } else if (text_[i] == '|') {
      at_ = i + 1;
      column_ = line.indent + 1 + advance_column(0, at_);
      return;
    }
  }
}

int CellReader::advance_column(std::size_t from, std::size_t to) const {
  return ascii_ ? static_cast<int>(to - from) : count_code_points(text_.substr(from, to - from));
}

bool CellReader::next(RawCell& cell) {
  cell.escapes = false;
  std::size_t end = at_;
  for (; end < text_.size() && text_[end] != '|'; ++end) {
    if (text_[end] != '\\' || end + 1 == text_.size()) continue;
    cell.escapes = true;
    ++end;
  }
  if (end >= text_.size()) return false;
  cell.text = text_.substr(at_, end - at_);
  cell.column = column_;
  column_ += advance_column(at_, end + 1);
  at_ = end + 1;
  while (!cell.text.empty() && cell.text.front() == ' ') {
    cell.text.remove_prefix(1);
    ++cell.column;
  }
  while (!cell.text.empty() && cell.text.back() == ' ') cell.text.remove_suffix(1);
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
