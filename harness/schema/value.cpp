#include "schema/value.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace muster::schema {
namespace {

constexpr std::size_t kShown = 60;  ///< bytes of a string in a message

__extension__ using Wide = unsigned __int128;

/// digits × 10^exponent.
struct Decimal {
  Wide digits = 0;
  int exponent = 0;
};

/// The shortest decimal number that reads back as `number`, without its sign.
Decimal decimal_of(const Json& number) {
  const std::string text = number.dump();
  Decimal made;
  bool fraction = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char each = text[at];
    if (each == '.') {
      fraction = true;
    } else if (each == 'e' || each == 'E') {
      made.exponent += std::atoi(text.c_str() + at + 1);
      break;
    } else if (each >= '0' && each <= '9') {  // at most 20 digits
      made.digits = made.digits * 10 + static_cast<unsigned>(each - '0');
      if (fraction) --made.exponent;
    }
  }
  while (made.digits != 0 && made.digits % 10 == 0) {
    made.digits /= 10;
    ++made.exponent;
  }
  return made;
}

void write_canonical(const Json& value, std::string& out) {
  if (value.is_object()) {
    out += '{';
    for (const auto& [name, member] : value.items()) {
      out += Json(name).dump(-1, ' ', false, Json::error_handler_t::replace) + ":";
      write_canonical(member, out);
      out += ',';
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (const Json& element : value) {
      write_canonical(element, out);
      out += ',';
    }
    out += ']';
  } else if (value.is_number()) {
    const Decimal decimal = decimal_of(value);
    if (decimal.digits == 0) {
      out += '0';
      return;
    }
    std::string digits;
    for (Wide rest = decimal.digits; rest != 0; rest /= 10)
      digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    if (value.get<double>() < 0) out += '-';
    out += digits + "e" + std::to_string(decimal.exponent);
  } else {
    out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

long double wide_of(const Json& number) {
  if (number.is_number_unsigned()) return static_cast<long double>(number.get<std::uint64_t>());
  if (number.is_number_integer()) return static_cast<long double>(number.get<std::int64_t>());
  return number.get<double>();
}

}  // namespace

std::string canonical(const Json& value) {
  std::string out;
  write_canonical(value, out);
  return out;
}

int compare_numbers(const Json& a, const Json& b) {
  const long double left = wide_of(a);
  const long double right = wide_of(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

bool is_integer(const Json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::nearbyint(value.get<double>()) == value.get<double>();
}

bool is_multiple(const Json& value, const Json& divisor) {
  const Decimal dividend = decimal_of(value);
  const Decimal unit = decimal_of(divisor);
  if (dividend.digits == 0) return true;
  if (unit.digits == 0) return false;
  if (dividend.exponent >= unit.exponent) {
    Wide rest = dividend.digits % unit.digits;
    for (int power = dividend.exponent; power > unit.exponent && rest != 0; --power)
      rest = rest * 10 % unit.digits;
    return rest == 0;
  }
  // the dividend has no trailing zeros, so that it is no multiple of a power of ten
  return false;
}

std::size_t depth_of(const Json& value, std::size_t limit) {
  std::vector<std::pair<const Json*, std::size_t>> open = {{&value, 1}};
  std::size_t deepest = 0;
  while (!open.empty() && deepest <= limit) {
    const auto [here, depth] = open.back();
    open.pop_back();
    deepest = std::max(deepest, depth);
    if (!here->is_structured()) continue;
    for (const Json& inner : *here) open.emplace_back(&inner, depth + 1);
  }
  return deepest;
}

std::string describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string: {
      std::string text = dump_json(value);
      if (text.size() > kShown) text.replace(kShown, std::string::npos, "…\"");
      return "string " + valid_utf8(text);
    }
    default:
      return "number " + value.dump();
  }
}

}  // namespace muster::schema
