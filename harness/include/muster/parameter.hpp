#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster {

/// What the capture groups of one parameter caught, in order; nullopt for a group that took no
/// part.
using Captures = std::vector<std::optional<std::string>>;

/// How a value of T is read from a step text. Specialise it for a type of your own:
/// ```cpp
/// template <>
/// struct muster::Parameter<Tier> {
///   static constexpr std::string_view names[] = {"tier"};          // {tier}
///   static constexpr std::string_view pattern = "solo|team";       // a regular expression
///   static Result<Tier> parse(const Captures& captures);
/// };
/// ```
/// A type whose `pattern` is absent reads the built-in parameters it names.
template <class T>
struct Parameter;

/// The text of the first group that took part.
std::string captured_text(const Captures& captures);

namespace detail {
Result<std::int64_t> parse_integer(const Captures& captures, std::int64_t min, std::int64_t max);
Result<double> parse_number(const Captures& captures);
}  // namespace detail

template <>
struct Parameter<std::string> {
  static constexpr std::string_view names[] = {"string", "word", "bigdecimal", "biginteger"};
  static Result<std::string> parse(const Captures& captures) { return captured_text(captures); }
};

#define MUSTER_INTEGER_PARAMETER(TYPE, ...)                                         \
  template <>                                                                       \
  struct Parameter<TYPE> {                                                          \
    static constexpr std::string_view names[] = {__VA_ARGS__};                      \
    static Result<TYPE> parse(const Captures& captures) {                           \
      auto read = detail::parse_integer(captures, std::numeric_limits<TYPE>::min(), \
                                        std::numeric_limits<TYPE>::max());          \
      if (!read) return std::move(read).error();                                    \
      return static_cast<TYPE>(*read);                                              \
    }                                                                               \
  }

MUSTER_INTEGER_PARAMETER(std::int8_t, "byte");
MUSTER_INTEGER_PARAMETER(std::int16_t, "short");
MUSTER_INTEGER_PARAMETER(std::int32_t, "int");
MUSTER_INTEGER_PARAMETER(std::int64_t, "long", "int");
#undef MUSTER_INTEGER_PARAMETER

template <>
struct Parameter<double> {
  static constexpr std::string_view names[] = {"float", "double"};
  static Result<double> parse(const Captures& captures) { return detail::parse_number(captures); }
};

template <>
struct Parameter<float> {
  static constexpr std::string_view names[] = {"float", "double"};
  static Result<float> parse(const Captures& captures) {
    auto read = detail::parse_number(captures);
    if (!read) return std::move(read).error();
    return static_cast<float>(*read);
  }
};

}  // namespace muster
