#include "base/clock.hpp"

#include <fmt/format.h>
#include <time.h>

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

}  // namespace

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
  return clock;
}

}  // namespace muster
