#include <array>
#include <cctype>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "hocon/hocon.hpp"
#include "hocon/number.hpp"
#include "hocon/source.hpp"

namespace muster::hocon {
namespace {

struct Quantity {
  std::string number;
  std::string unit;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A number and the letters after it, white space anywhere around them.
Quantity split_unit(std::string_view text) {
  text = trim_space(text);
  std::size_t end = text.size();
  while (end > 0 && is_letter(text[end - 1])) --end;
  return {std::string(trim_space(text.substr(0, end))), std::string(text.substr(end))};
}

// number × factor, cut to a whole number; none when it does not fit.
std::optional<std::int64_t> times(const std::string& number, long double factor) {
  const std::string_view digits =
      number.starts_with('+') ? std::string_view(number).substr(1) : std::string_view(number);
  if (!is_number(digits)) return std::nullopt;
  const bool integer = digits.find_first_of(".eE") == std::string_view::npos;
  const long double value = integer ? static_cast<long double>(*whole(digits)) : real(digits);
  const long double product = std::trunc(value * factor);
  constexpr long double bound = 9223372036854775808.0L;
  if (!(product < bound && product >= -bound)) return std::nullopt;
  return static_cast<std::int64_t>(product);
}

struct Duration {
  std::string_view letters;
  std::string_view word;  // plural; the singular and the short plural count too
  std::string_view stem;
  long double nanoseconds;
};

constexpr std::array<Duration, 7> durations = {{
    {"ns", "nanoseconds", "nanos", 1.0L},
    {"us", "microseconds", "micros", 1e3L},
    {"ms", "milliseconds", "millis", 1e6L},
    {"s", "seconds", "", 1e9L},
    {"m", "minutes", "", 60e9L},
    {"h", "hours", "", 3600e9L},
    {"d", "days", "", 86400e9L},
}};

// Powers of the units that follow the single byte.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> sizes = {{
    {"kilo", "kibi"},
    {"mega", "mebi"},
    {"giga", "gibi"},
    {"tera", "tebi"},
    {"peta", "pebi"},
    {"exa", "exbi"},
    {"zetta", "zebi"},
    {"yotta", "yobi"},
}};

std::optional<long double> bytes_of(const std::string& unit) {
  if (unit.empty() || unit == "B" || unit == "b" || unit == "byte" || unit == "bytes") return 1.0L;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto& [ten, two] = sizes[i];
    const int power = static_cast<int>(i) + 1;
    const char small = ten.front();
    const char big = static_cast<char>(std::toupper(static_cast<unsigned char>(small)));
    const std::string letter(1, i == 0 ? small : big);  // kB, but MB
    const std::string tens(ten);
    const std::string twos(two);
    if (unit == letter + "B" || unit == tens + "byte" || unit == tens + "bytes")
      return std::pow(1000.0L, power);
    if (unit == std::string(1, small) || unit == std::string(1, big) ||
        unit == std::string(1, big) + "i" || unit == std::string(1, big) + "iB" ||
        unit == twos + "byte" || unit == twos + "bytes")
      return std::pow(1024.0L, power);
  }
  return std::nullopt;
}

}  // namespace

Result<std::int64_t> parse_duration_ns(std::string_view text) {
  auto [number, unit] = split_unit(text);
  if (number.empty()) return error("value", "a duration begins with a number");
  if (unit.empty()) unit = "ms";
  const std::string plural = unit.size() > 2 && !unit.ends_with('s') ? unit + "s" : unit;
  for (const Duration& duration : durations) {
    const bool matches = unit == duration.letters || plural == duration.word ||
                         (!duration.stem.empty() && plural == duration.stem);
    if (!matches) continue;
    if (const auto value = times(number, duration.nanoseconds)) return *value;
    return error("value", "this is no duration that fits into nanoseconds of 64 bits");
  }
  return error("value", "'" + printable(unit) + "' is no unit of time",
               "the units are ns, us, ms, s, m, h and d");
}

Result<std::int64_t> parse_bytes(std::string_view text) {
  const auto [number, unit] = split_unit(text);
  if (number.empty()) return error("value", "a size begins with a number");
  const auto factor = bytes_of(unit);
  if (!factor)
    return error("value", "'" + printable(unit) + "' is no unit of size",
                 "the units are B, K and KiB (1024), kB (1000), and so on with M, G, T, P, E");
  if (const auto value = times(number, *factor)) return *value;
  return error("value", "this is no size that fits into 64 bits");
}

}  // namespace muster::hocon
