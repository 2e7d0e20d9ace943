#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>

#include "base/clock.hpp"

namespace muster::net {

/// The monotonic half of system_clock() as a clock of the standard library's kind.
struct SteadyClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SteadyClock>;
  static constexpr bool is_steady = true;

  static time_point now() { return time_point(duration(mono_ns())); }
};

/// Tells the reactor how long to sleep until a timer is due.
struct SteadyWait {
  static SteadyClock::duration to_wait_duration(SteadyClock::duration span) {
    return system_clock().sleep_for(span);
  }
  static SteadyClock::duration to_wait_duration(SteadyClock::time_point until) {
    return to_wait_duration(until - SteadyClock::now());
  }
};

/// Asio's timer over system_clock(), so that a simulation's time is that of every wait.
using Timer = boost::asio::basic_waitable_timer<SteadyClock, SteadyWait>;

}  // namespace muster::net
