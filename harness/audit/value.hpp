#pragma once

#include <cstdint>
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

/// The number of an `integer`.
std::int64_t number_of(const Value& value);

/// Nanoseconds since 1970 of a `string` that keeps `Rule::time`.
std::int64_t time_of(const Value& value);

}  // namespace muster::audit
