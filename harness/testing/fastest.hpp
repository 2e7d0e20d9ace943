#pragma once

#include <algorithm>
#include <chrono>

namespace muster::testing {

/// The shortest time that `measure` gives, in up to `tries` calls: the first within `bound` is
/// enough. So a test bounds what the code takes, and not what a busy machine adds once in a while.
template <class Measure>
std::chrono::nanoseconds fastest(std::chrono::nanoseconds bound, Measure measure, int tries = 5) {
  auto least = std::chrono::nanoseconds::max();
  while (tries-- > 0 && least > bound) {
    least = std::min<std::chrono::nanoseconds>(least, measure());
  }
  return least;
}

}  // namespace muster::testing
