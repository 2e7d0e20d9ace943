#include "config/text_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::config {
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoMaximum = std::numeric_limits<std::int64_t>::max();

template <class T>
std::optional<T> number_of(std::string_view text) {
  T number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// `value` as a message may show it.
std::string shown(const KeySpec& spec, const Value& value) {
  return spec.secret ? "[redacted]" : shorten(printable(to_toml(value)), 60);
}

Refusal wrong_type(const KeySpec& spec, std::string_view key, const Value& value) {
  Refusal made{"config_type",
               fmt::format("{} takes {}, not {}", key, what_it_takes(spec.kind), what_it_is(value)),
               {}};
  if (spec.kind == Kind::list && std::holds_alternative<std::string>(value.data)) {
    made.hint = "write [" + shown(spec, value) + "]";
  } else if (spec.kind == Kind::duration) {
    made.hint = "write a number with its unit, as \"5s\"";
  } else if (spec.kind == Kind::text && value.table() == nullptr && value.array() == nullptr &&
             !std::holds_alternative<Date>(value.data)) {
    made.hint = "write \"" + shown(spec, value) + "\"";
  }
  return made;
}

std::optional<Refusal> refuse_range(const KeySpec& spec, std::string_view key, double number) {
  const bool low = spec.minimum != kNone && number < static_cast<double>(spec.minimum);
  const bool high = spec.maximum != kNoMaximum && number > static_cast<double>(spec.maximum);
  if (!low && !high) return std::nullopt;
  return Refusal{"config_value",
                 low ? fmt::format("{} is at least {}", key, spec.minimum)
                     : fmt::format("{} is at most {}", key, spec.maximum),
                 {}};
}

std::optional<Refusal> refuse_word(const KeySpec& spec, std::string_view key, const Value& value) {
  if (spec.choices.empty()) return std::nullopt;
  const auto& word = std::get<std::string>(value.data);
  const auto choices = split(spec.choices, '|');
  for (const auto& choice : choices) {
    if (glob_match(choice, word)) return std::nullopt;
  }
  Refusal made{"config_value",
               fmt::format("{} is one of {}, not {}", key, join(choices, ", "), shown(spec, value)),
               {}};
  if (const auto near = nearest(word, choices)) made.hint = "did you mean " + *near + "?";
  return made;
}

}  // namespace

std::optional<std::chrono::milliseconds> read_duration(std::string_view text) {
  using std::chrono::milliseconds;
  struct Unit {
    std::string_view name;
    std::int64_t length;
  };
  constexpr Unit kUnits[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
  constexpr std::int64_t kLongest = 10'000LL * 3'600'000;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = number_of<std::int64_t>(text.substr(0, digits));
    if (!number) return std::nullopt;
    text.remove_prefix(digits);
    const auto letters = std::min(text.find_first_of("0123456789"), text.size());
    const auto name = text.substr(0, letters);
    while (next_unit < std::size(kUnits) && kUnits[next_unit].name != name) ++next_unit;
    if (next_unit == std::size(kUnits) || *number > kLongest) return std::nullopt;
    total += *number * kUnits[next_unit++].length;
    if (total > kLongest) return std::nullopt;
    text.remove_prefix(letters);
  }
  return milliseconds(total);
}

std::optional<Refusal> refuse_value(const KeySpec& spec, std::string_view key, Value& value) {
  switch (spec.kind) {
    case Kind::flag:
      if (!std::holds_alternative<bool>(value.data)) return wrong_type(spec, key, value);
      return std::nullopt;
    case Kind::integer: {
      const auto* integer = std::get_if<std::int64_t>(&value.data);
      if (integer == nullptr) return wrong_type(spec, key, value);
      return refuse_range(spec, key, static_cast<double>(*integer));
    }
    case Kind::number: {
      if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
        value.data = static_cast<double>(*integer);
      }
      const auto* number = std::get_if<double>(&value.data);
      if (number == nullptr) return wrong_type(spec, key, value);
      if (!std::isfinite(*number)) {
        return Refusal{"config_value", fmt::format("{} is not finite", key), {}};
      }
      return refuse_range(spec, key, *number);
    }
    case Kind::text: {
      const auto* text = std::get_if<std::string>(&value.data);
      if (text == nullptr) return wrong_type(spec, key, value);
      return refuse_word(spec, key, value);
    }
    case Kind::list: {
      const auto* array = value.array();
      if (array == nullptr) return wrong_type(spec, key, value);
      for (std::size_t i = 0; i < array->size(); ++i) {
        if (std::holds_alternative<std::string>((*array)[i].data)) continue;
        return Refusal{"config_type",
                       fmt::format("{} takes {}, its element {} is {}", key,
                                   what_it_takes(spec.kind), i + 1, what_it_is((*array)[i])),
                       {}};
      }
      return std::nullopt;
    }
    case Kind::duration: {
      const auto* text = std::get_if<std::string>(&value.data);
      if (text == nullptr) return wrong_type(spec, key, value);
      if (read_duration(*text)) return std::nullopt;
      return Refusal{
          "config_value",
          fmt::format("{} takes {}, not {}", key, what_it_takes(spec.kind), shown(spec, value)),
          "units are h, m, s and ms, larger ones first: \"1m30s\""};
    }
    case Kind::any:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> read_text(const KeySpec& spec, std::string_view key, std::string_view text,
                               Refusal& refusal) {
  Value value;
  value.data = valid_utf8(text);
  switch (spec.kind) {
    case Kind::flag:
      if (text == "true" || text == "1") value.data = true;
      if (text == "false" || text == "0") value.data = false;
      break;
    case Kind::integer:
      if (const auto integer = number_of<std::int64_t>(text)) value.data = *integer;
      break;
    case Kind::number:
      if (const auto number = number_of<double>(text)) value.data = *number;
      break;
    case Kind::list: {
      Array items;
      if (!trim(text).empty()) {
        for (const auto& item : split(text, ',')) {
          Value made;
          made.data = valid_utf8(trim(item));
          items.push_back(std::move(made));
        }
      }
      value.data = std::move(items);
      break;
    }
    case Kind::text:
    case Kind::duration:
    case Kind::any:
      break;
  }
  auto refused = refuse_value(spec, key, value);
  if (!refused) return value;
  refusal = std::move(*refused);
  const bool unread = std::holds_alternative<std::string>(value.data) && spec.kind != Kind::text &&
                      spec.kind != Kind::duration;
  if (unread) {
    refusal.message =
        fmt::format("{} takes {}, not {}", key, what_it_takes(spec.kind), shown(spec, value));
    refusal.hint.clear();
  }
  return std::nullopt;
}

}  // namespace muster::config
