#include "gherkin/scanner.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "gherkin/blank.hpp"
#include "gherkin/find_byte.hpp"

namespace muster::gherkin {
namespace {

/// Number of U+0020 that `text` begins with, eight at a time.
std::size_t leading_spaces(std::string_view text) {
  constexpr std::uint64_t kEightSpaces = 0x2020202020202020;
  std::size_t count = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; text.size() - count >= 8; count += 8) {
      std::uint64_t eight;
      std::memcpy(&eight, text.data() + count, 8);
      const std::uint64_t others = eight ^ kEightSpaces;
      if (others != 0) return count + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
  }
  while (count < text.size() && text[count] == ' ') ++count;
  return count;
}

}  // namespace

bool Scanner::next(Line& line) {
  const auto end = find_byte(rest_, '\n');
  const bool last = end == std::string_view::npos;
  std::string_view text = rest_.substr(0, end);
  if (ended_ || (last && trim_left(text).empty())) {
    line = {number_ + 1, 0, {}, {}};
    return false;
  }
  if (!last && text.ends_with('\r')) text.remove_suffix(1);
  line.number = ++number_;
  line.text = text;
  const std::size_t spaces = leading_spaces(text);
  line.trimmed = trim_left(text.substr(spaces), line.indent);
  line.indent += static_cast<int>(spaces);
  if (last) {
    ended_ = true;
  } else {
    rest_.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace muster::gherkin
