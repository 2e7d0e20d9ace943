#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace muster::audit {

/// A value as it stands in a line: its raw JSON text, never copied.
struct Value {
  enum class Kind : std::uint8_t {
    absent,
    string,   ///< without escapes: what is between the quotes is the string itself
    escaped,  ///< a string with escapes
    integer,  ///< up to 18 digits, not -0
    number,   ///< any other number
    word,     ///< true, false
    null,
    container,  ///< an object or array
  };

  const char* begin = nullptr;
  const char* end = nullptr;
  Kind kind = Kind::absent;

  std::string_view raw() const { return {begin, static_cast<std::size_t>(end - begin)}; }
  /// Of a `string`: without its quotes.
  std::string_view text() const { return raw().substr(1, raw().size() - 2); }
};

/// What the envelope asks of a field (docs/formats/hatch.md).
enum class Rule : std::uint8_t {
  none,
  name,      ///< a dotted event name
  text,      ///< a string
  filled,    ///< a string that is not empty
  time,      ///< RFC 3339
  whole,     ///< an integer from 0
  positive,  ///< an integer from 1
  text_or_null,
  object,
  actor,  ///< an object with two strings, or null
};

/// Whether `value` keeps `rule`. False also where only a full parser can tell.
bool keeps(Rule rule, const Value& value);

/// The number of eight digits in memory order: neighbours are joined three times (after Johnny Lee,
/// "Fast numeric string to int").
inline std::int64_t eight_digits(std::uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  digits = ((digits & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
            (digits >> 16 & 0x000000FF000000FFULL) * 0x0000271000000001ULL) >>
           32;
  return static_cast<std::int64_t>(digits);
}

/// The number of an `integer`, eight bytes behind which can be read.
inline std::int64_t number_of(const Value& value) {
  const char* at = value.begin;
  const bool negative = *at == '-';
  if (negative) ++at;
  std::int64_t number = 0;
  if constexpr (std::endian::native == std::endian::little) {
    const auto left = static_cast<unsigned>(value.end - at) % 8;
    std::uint64_t word = 0;
    const auto load = [&] {
      std::memcpy(&word, at, 8);
      word -= 0x3030303030303030ULL;
    };
    // the first few are moved up, and become digits behind zeros
    if (left > 0) {
      load();
      number = eight_digits(word << (64 - 8 * left));
      at += left;
    }
    for (; at != value.end; at += 8) {
      load();
      number = number * 100'000'000 + eight_digits(word);
    }
  } else {
    for (; at != value.end; ++at) number = number * 10 + (*at - '0');
  }
  return negative ? -number : number;
}

/// Nanoseconds since 1970 of a `string` that keeps `Rule::time`.
std::int64_t time_of(const Value& value);

}  // namespace muster::audit
