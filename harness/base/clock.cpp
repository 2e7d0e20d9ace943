#include "base/clock.hpp"

#include <fmt/format.h>
#include <time.h>

#include "base/in_place.hpp"

namespace muster {
namespace {

class SystemClock final : public Clock {
 public:
  std::int64_t mono_ns() const override {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }
  WallTime wall() const override {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return {now.tv_sec, static_cast<std::int32_t>(now.tv_nsec)};
  }
};

/// Takes `count` digits off the front of `text`; -1 when they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == one_of.npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes `.123…` off the front; nullopt when it is malformed.
std::optional<std::int32_t> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return 0;
  std::int32_t nanos = 0;
  std::int32_t unit = 100'000'000;
  bool any = false;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    if (unit == 0) return std::nullopt;
    nanos += (text.front() - '0') * unit;
    unit /= 10;
    any = true;
  }
  return any ? std::optional(nanos) : std::nullopt;
}

/// Takes `Z` or `+hh:mm`, which must be all that is left; seconds east of UTC.
std::optional<int> take_offset(std::string_view text) {
  if (take(text, "Zz")) return text.empty() ? std::optional(0) : std::nullopt;
  if (text.empty()) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, "+-")) return std::nullopt;
  const int hours = take_digits(text, 2);
  if (hours < 0 || hours > 23 || !take(text, ":")) return std::nullopt;
  const int minutes = take_digits(text, 2);
  if (minutes < 0 || minutes > 59 || !text.empty()) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  tm parts{};
  parts.tm_year = take_digits(text, 4) - 1900;
  bool shaped = parts.tm_year >= -1900 && take(text, "-");
  parts.tm_mon = take_digits(text, 2) - 1;
  shaped = shaped && take(text, "-");
  const int day = parts.tm_mday = take_digits(text, 2);
  shaped = shaped && take(text, "Tt ");
  parts.tm_hour = take_digits(text, 2);
  shaped = shaped && take(text, ":");
  parts.tm_min = take_digits(text, 2);
  shaped = shaped && take(text, ":");
  parts.tm_sec = take_digits(text, 2);
  const bool in_range = parts.tm_mon >= 0 && parts.tm_mon < 12 && day >= 1 && day <= 31 &&
                        parts.tm_hour >= 0 && parts.tm_hour < 24 && parts.tm_min >= 0 &&
                        parts.tm_min < 60 && parts.tm_sec >= 0 && parts.tm_sec <= 60;
  if (!shaped || !in_range) return std::nullopt;
  const auto nanos = take_fraction(text);
  const auto offset = nanos ? take_offset(text) : std::nullopt;
  if (!offset) return std::nullopt;
  const int second = parts.tm_sec;
  parts.tm_sec =
      0;  // so that a leap second cannot be mistaken for a day that the month does not have
  const time_t seconds = timegm(&parts);
  if (parts.tm_mday != day) return std::nullopt;
  return WallTime{std::int64_t{seconds} + second - *offset, *nanos};
}

std::string to_rfc3339(WallTime time) {
  const time_t seconds = time.seconds;
  tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     time.nanos / 1'000'000);
}

const Clock& system_clock() {
  static const SystemClock clock;
  return InPlace<const Clock>::or_else(clock);
}

}  // namespace muster
