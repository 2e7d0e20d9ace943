#pragma once

#include <string>
#include <string_view>

#include "gherkin/find_byte.hpp"
#include "gherkin/scanner.hpp"

namespace muster::gherkin {

/// A cell of a row as it is written, without the blanks around it.
struct RawCell {
  int column = 0;  ///< from 1, code points
  std::string_view text;
  bool escapes = false;  ///< there is a backslash in it
};

/// What has to be looked at in a row: `|`, `\\`, `<` and what is not ASCII.
struct RowMarks {
  bool is(char byte) const {
    return byte == '|' || byte == '\\' || byte == '<' || static_cast<signed char>(byte) < 0;
  }
#ifdef __SSE2__
  __m128i are(__m128i bytes) const {
    const __m128i bar = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('|'));
    const __m128i escape = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i bracket = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('<'));
    return _mm_or_si128(_mm_or_si128(bar, escape), _mm_or_si128(bracket, bytes));
  }
#endif
};

/// Walks over the cells of a row, `|` to `|`. What stands after the last `|` is dropped.
class CellReader {
 public:
  /// `line.trimmed` begins after `line.indent` code points of the line.
  explicit CellReader(const Line& line);

  /// False after the last one.
  bool next(RawCell& cell);

  /// Whether there was a `<` in what was read so far.
  bool brackets() const { return brackets_; }

 private:
  bool find_bar(bool& escapes);

  std::string_view text_;
  ByteWalk<RowMarks> marks_;
  std::size_t at_ = 0;  // behind a bar
  int offset_;          // from bytes of `text_` to columns, which continuation bytes reduce
  bool brackets_ = false;
};

/// Resolves the escapes `\n`, `\|` and `\\`; any other backslash stays.
std::string unescape_cell(std::string_view raw);

}  // namespace muster::gherkin
