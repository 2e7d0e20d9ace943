#pragma once

#include <string_view>

namespace muster::gherkin {

/// Bytes of the blank that `text` begins with: 0 when it begins with none. Blanks are those of the
/// official implementation, the white space of ECMAScript: ASCII, U+00A0, the Unicode spaces, line
/// and paragraph separator, U+FEFF.
std::size_t leading_blank(std::string_view text);
std::size_t trailing_blank(std::string_view text);

/// Without blanks at the beginning; `removed` becomes their number in code points.
std::string_view trim_left(std::string_view text, int& removed);
std::string_view trim_left(std::string_view text);
std::string_view trim_right(std::string_view text);
inline std::string_view trim_blanks(std::string_view text) {
  return trim_right(trim_left(text));
}

/// Code points of `text`; a malformed byte counts as one unless it continues a sequence.
int count_code_points(std::string_view text);

}  // namespace muster::gherkin
