#include "audit/value.hpp"

#include <algorithm>
#include <cstring>

#include "events/event.hpp"
#include "events/timestamp.hpp"

namespace muster::audit {
namespace {

using Kind = Value::Kind;

constexpr std::size_t kMinuteLength = 16;  // 2026-01-02T03:04
constexpr std::size_t kUtcLength = 24;     // 2026-01-02T03:04:05.678Z

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Logs tell thousands of events of one minute: the calendar is asked once for each.
struct Minute {
  char text[kMinuteLength] = {};
  std::int64_t ns = 0;
};

/// Of `YYYY-MM-DDTHH:MM:SS.mmmZ` below second 60, the form that muster writes.
bool common_time(std::string_view text, std::int64_t& ns) {
  if (text.size() != kUtcLength || text[16] != ':' || text[19] != '.' || text[23] != 'Z' ||
      text[17] > '5' || !is_digit(text[17]) || !is_digit(text[18]) || !is_digit(text[20]) ||
      !is_digit(text[21]) || !is_digit(text[22]))
    return false;
  thread_local Minute known;
  if (std::memcmp(known.text, text.data(), kMinuteLength) != 0) {
    const auto parsed =
        events::parse_rfc3339(std::string(text.substr(0, kMinuteLength)) + ":00.000Z");
    if (!parsed) return false;
    std::memcpy(known.text, text.data(), kMinuteLength);
    known.ns = *parsed;
  }
  const int seconds = (text[17] - '0') * 10 + (text[18] - '0');
  const int millis = (text[20] - '0') * 100 + (text[21] - '0') * 10 + (text[22] - '0');
  ns = known.ns + (seconds * std::int64_t{1000} + millis) * 1'000'000;
  return true;
}

}  // namespace

bool keeps(Rule rule, const Value& value) {
  switch (rule) {
    case Rule::none:
      return true;
    case Rule::name:
      return value.kind == Kind::string && events::valid_event_name(value.text());
    case Rule::text:
      return value.kind == Kind::string || value.kind == Kind::escaped;
    case Rule::filled:
      return value.kind == Kind::escaped || (value.kind == Kind::string && value.raw().size() > 2);
    case Rule::time: {
      std::int64_t ns = 0;
      return value.kind == Kind::string &&
             (common_time(value.text(), ns) || events::parse_rfc3339(value.text()));
    }
    case Rule::whole:
      return value.kind == Kind::integer && *value.begin != '-';
    case Rule::positive:
      return value.kind == Kind::integer && *value.begin != '-' && *value.begin != '0';
    case Rule::text_or_null:
      return value.kind == Kind::string || value.kind == Kind::escaped || value.kind == Kind::null;
    case Rule::object:
      return value.kind == Kind::container && *value.begin == '{';
    case Rule::actor:
      return value.kind == Kind::null || (value.kind == Kind::container && *value.begin == '{');
  }
  return false;
}

std::int64_t time_of(const Value& value) {
  std::int64_t ns = 0;
  if (common_time(value.text(), ns)) return ns;
  return events::parse_rfc3339(value.text()).value_or(0);
}

}  // namespace muster::audit
