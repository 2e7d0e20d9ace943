#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>
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

/// Eight bytes, of which those that are U+0020 become zero.
inline std::uint64_t eight_but_spaces(const char* from) {
  std::uint64_t eight;
  std::memcpy(&eight, from, 8);
  return eight ^ 0x2020202020202020;
}

/// Number of U+0020 that `text` begins with, eight at a time.
inline std::size_t leading_spaces(std::string_view text) {
  std::size_t count = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; text.size() - count >= 8; count += 8) {
      const std::uint64_t others = eight_but_spaces(text.data() + count);
      if (others != 0) return count + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
  }
  while (count < text.size() && text[count] == ' ') ++count;
  return count;
}

/// Number of U+0020 that `text` ends with, eight at a time.
inline std::size_t trailing_spaces(std::string_view text) {
  std::size_t left = text.size();
  if constexpr (std::endian::native == std::endian::little) {
    for (; left >= 8; left -= 8) {
      const std::uint64_t others = eight_but_spaces(text.data() + left - 8);
      if (others != 0)
        return text.size() - left + static_cast<std::size_t>(std::countl_zero(others)) / 8;
    }
  }
  while (left > 0 && text[left - 1] == ' ') --left;
  return text.size() - left;
}

/// One byte, as ByteWalk looks for it.
struct OneByte {
  char wanted;

  bool is(char byte) const { return byte == wanted; }
#ifdef __SSE2__
  __m128i are(__m128i bytes) const {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted));
  }
#endif
};

/// Walks over the places of certain bytes in a text. It looks at 64 bytes at a time and keeps what
/// it finds, so that a text of many places is read once.
template <class Wanted>
class ByteWalk {
 public:
  ByteWalk(std::string_view text, Wanted wanted) : text_(text), wanted_(wanted) { look(); }

  /// The next place, or npos.
  std::size_t next() {
    while (found_ == 0) {
      if (text_.size() - block_ <= kBlock) return std::string_view::npos;
      block_ += kBlock;
      look();
    }
    const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(found_));
    found_ &= found_ - 1;
    return at;
  }

 private:
  static constexpr std::size_t kBlock = 64;

  void look() {
    const std::size_t left = text_.size() - block_;
    const char* from = text_.data() + block_;
    std::size_t at = 0;
    found_ = 0;
#ifdef __SSE2__
    if (left >= kBlock) {
      found_ = sixteen(from) | sixteen(from + 16) << 16 | sixteen(from + 32) << 32 |
               sixteen(from + 48) << 48;
      return;
    }
    for (; left - at >= 16; at += 16) found_ |= sixteen(from + at) << at;
    if (at == left) return;
    if (text_.size() >= 16) {  // the last sixteen, of which some have been looked at
      found_ |= sixteen(from + left - 16) >> (16 - (left - at)) << at;
      return;
    }
#endif
    for (; at < kBlock && at < left; ++at) {
      found_ |= static_cast<std::uint64_t>(wanted_.is(from[at])) << at;
    }
  }

#ifdef __SSE2__
  std::uint64_t sixteen(const char* from) const {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return static_cast<unsigned>(_mm_movemask_epi8(wanted_.are(bytes)));
  }
#endif

  std::string_view text_;
  Wanted wanted_;
  std::size_t block_ = 0;    // where the bytes begin that `found_` is of
  std::uint64_t found_ = 0;  // places in them that were not given yet
};

}  // namespace muster::gherkin
