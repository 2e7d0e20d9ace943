#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// A point of wall time; never used for order or deadlines.
struct WallTime {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z
  std::int32_t nanos = 0;

  friend bool operator==(const WallTime&, const WallTime&) = default;
};

/// RFC 3339 with milliseconds and Z, e.g. `2026-01-02T03:04:05.678Z`.
std::string to_rfc3339(WallTime time);

/// Reads an RFC 3339 time (any offset, up to nine digits of fraction, a leap second as the second
/// after); nullopt for anything else.
std::optional<WallTime> parse_rfc3339(std::string_view text);

/// Time as an interface, so that tests can say what time it is.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Monotonic nanoseconds (CLOCK_MONOTONIC, comparable between processes of one host).
  virtual std::int64_t mono_ns() const = 0;
  virtual WallTime wall() const = 0;
  /// How long the machine has to sleep until `span` of this clock is over. A clock that somebody
  /// else moves answers what it likes, and knows from the question when it is waited for.
  virtual std::chrono::nanoseconds sleep_for(std::chrono::nanoseconds span) const { return span; }
};

/// The machine's clocks, or what this thread has in their place (InPlace<const Clock>).
const Clock& system_clock();

/// Shorthands for `system_clock()`.
inline std::int64_t mono_ns() {
  return system_clock().mono_ns();
}

}  // namespace muster
