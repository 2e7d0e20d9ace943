#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <string_view>

namespace muster::gherkin {

/// Where `byte` stands first in `text`, or npos. Lines are short, so that a call of memchr for each
/// would cost more than it saves.
inline std::size_t find_byte(std::string_view text, char byte) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi8(byte);
  for (; text.size() - at >= 16; at += 16) {
    const auto* from = reinterpret_cast<const __m128i*>(text.data() + at);
    const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from), wanted));
    if (found != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
    }
  }
#endif
  for (; at < text.size(); ++at) {
    if (text[at] == byte) return at;
  }
  return std::string_view::npos;
}

}  // namespace muster::gherkin
