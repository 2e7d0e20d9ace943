#pragma once

#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace muster::audit {

/// Readable bytes that have to stand after a line, and the end of a line: what scans look at
/// beyond what they take.
constexpr std::size_t kPadding = 64;

/// The first byte from `at` that may not simply stand in a string: a quote, a backslash, a control
/// character (also the line end), a byte that is not ASCII. There is one: the line's end.
inline const char* plain_end(const char* at) {
#ifdef __SSE2__
  for (;; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // signed, so that bytes from 0x80 are below the blank too
    const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const auto found =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, quote), slash)));
    if (found != 0) return at + std::countr_zero(found);
  }
#else
  while (*at != '"' && *at != '\\' && static_cast<signed char>(*at) >= 0x20) ++at;
  return at;
#endif
}

inline bool is_digit(char c) {
  return static_cast<unsigned char>(c - '0') < 10;
}

/// The first byte from `at` that is no digit.
inline const char* digits_end(const char* at) {
#ifdef __SSE2__
  for (;; at += 16) {
    const __m128i digits =
        _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), _mm_set1_epi8('0'));
    const __m128i is = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(is)) ^ 0xffff;
    if (found != 0) return at + std::countr_zero(found);
  }
#else
  while (is_digit(*at)) ++at;
  return at;
#endif
}

/// Whether the bytes of `mask` are the same, of 32 that can be read at both.
inline bool same_head(const char* a, const char* b, std::uint32_t mask) {
#ifdef __SSE2__
  const auto equal = [&](int from) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + from)),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + from)))));
  };
  return (~(equal(0) | equal(16) << 16) & mask) == 0;
#else
  for (int at = 0; mask >> at != 0; ++at) {
    if (a[at] != b[at]) return false;
    if (at == 31) break;
  }
  return true;
#endif
}

}  // namespace muster::audit
