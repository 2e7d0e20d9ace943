#pragma once

#include <string_view>

namespace muster::gherkin {

namespace detail {
std::size_t leading_wide_blank(std::string_view text);
std::size_t trailing_wide_blank(std::string_view text);
inline bool is_ascii_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
}  // namespace detail

/// Bytes of the blank that `text` begins with: 0 when it begins with none. Blanks are those of the
/// official implementation, the white space of ECMAScript: ASCII, U+00A0, the Unicode spaces, line
/// and paragraph separator, U+FEFF.
inline std::size_t leading_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return detail::is_ascii_blank(text[0]) ? 1 : 0;
  return detail::leading_wide_blank(text);
}
inline std::size_t trailing_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text.back()) < 0x80)
    return detail::is_ascii_blank(text.back()) ? 1 : 0;
  return detail::trailing_wide_blank(text);
}

/// Without blanks at the beginning; `removed` becomes their number in code points.
inline std::string_view trim_left(std::string_view text, int& removed) {
  removed = 0;
  while (const std::size_t blank = leading_blank(text)) {
    text.remove_prefix(blank);
    ++removed;
  }
  return text;
}
inline std::string_view trim_left(std::string_view text) {
  int removed = 0;
  return trim_left(text, removed);
}
inline std::string_view trim_right(std::string_view text) {
  while (const std::size_t blank = trailing_blank(text)) text.remove_suffix(blank);
  return text;
}
inline std::string_view trim_blanks(std::string_view text) {
  return trim_right(trim_left(text));
}

/// Code points of `text`; a malformed byte counts as one unless it continues a sequence.
int count_code_points(std::string_view text);

}  // namespace muster::gherkin
