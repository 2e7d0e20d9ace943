#include "hocon/number.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace muster::hocon {
namespace {

std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && text[at + count] >= '0' && text[at + count] <= '9') ++count;
  return count;
}

}  // namespace

bool is_number(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() && end == text.data() + text.size();
  }
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t before = digits(text, at);
  at += before;
  std::size_t after = 0;
  if (at < text.size() && text[at] == '.') {
    after = digits(text, ++at);
    at += after;
  }
  if (before + after == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

double real(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc::result_out_of_range) return value;
  const std::size_t exponent = text.find_first_of("eE");
  const bool tiny = exponent != std::string_view::npos
                        ? text.substr(exponent + 1).starts_with('-')
                        : digits(text, text.starts_with('-') ? 1 : 0) < 300;
  if (tiny) return 0;
  return text.starts_with('-') ? -std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::infinity();
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size()) return value;
  const double number = real(text);
  if (!(std::abs(number) < 9.2e18) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string number_to_json(std::string_view text) {
  if (const auto integer = whole(text)) return std::to_string(*integer);
  const double number = real(text);
  if (std::isinf(number)) return std::string(text);  // 1e400 is JSON, though no double
  char buffer[40];
  const auto [end, failed] = std::to_chars(buffer, buffer + sizeof buffer, number);
  return failed == std::errc() ? std::string(buffer, end) : std::string(text);
}

}  // namespace muster::hocon
