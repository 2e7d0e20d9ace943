#include "gherkin/table_cells.hpp"

#include <array>
#include <cstdint>

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

/// What has to be looked at in a row.
enum : std::uint8_t { kPlain, kBar, kEscape, kBracket, kContinuation };
constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  kinds['|'] = kBar;
  kinds['\\'] = kEscape;
  kinds['<'] = kBracket;
  for (int c = 0x80; c < 0xC0; ++c) kinds[static_cast<std::size_t>(c)] = kContinuation;
  return kinds;
}();

std::uint8_t kind_of(char c) {
  return kKinds[static_cast<unsigned char>(c)];
}

}  // namespace

CellReader::CellReader(const Line& line) : text_(line.trimmed), offset_(line.indent + 1) {
  // what stands before the first bar is no cell
  bool escapes = false;
  if (find_bar(escapes)) ++at_;
}

/// Moves to the next bar that is not escaped, or to the end.
bool CellReader::find_bar(bool& escapes) {
  for (; at_ < text_.size(); ++at_) {
    switch (kind_of(text_[at_])) {
      case kPlain:
        break;
      case kBar:
        return true;
      case kEscape:
        if (at_ + 1 == text_.size()) break;  // nothing to escape
        escapes = true;
        ++at_;
        if (kind_of(text_[at_]) == kContinuation) --offset_;
        break;
      case kBracket:
        brackets_ = true;
        break;
      default:
        --offset_;
    }
  }
  return false;
}

bool CellReader::next(RawCell& cell) {
  const std::size_t begin = at_;
  cell.column = static_cast<int>(begin) + offset_;
  cell.escapes = false;
  if (!find_bar(cell.escapes)) return false;
  cell.text = text_.substr(begin, at_ - begin);
  ++at_;
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
