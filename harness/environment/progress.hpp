#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace muster::environment {

/// Something that is waited for.
struct Awaited {
  std::string service;        ///< `Main Web`
  std::string what;           ///< `db@ready`, `tcp 8000`, `its end`
  std::int64_t since_ns = 0;  ///< CLOCK_MONOTONIC
};

/// How a start, restart or stop goes, from the steps that the keeper tells: what is awaited and
/// since when, what is done. Drawing it is somebody else's.
class Progress {
 public:
  /// Takes a step. True when what is awaited has changed.
  bool take(const Json& step);

  /// In the order in which the waiting began.
  std::vector<Awaited> awaited() const;
  std::size_t ready() const { return ready_; }
  std::size_t stopped() const { return stopped_; }

  /// One line about a step, for people, without the service's name; empty when it is not worth one.
  std::string told(const Json& step) const;

 private:
  struct Life {
    std::int64_t started_ns = 0;
    std::string what;  ///< empty: nothing is awaited
    std::int64_t since_ns = 0;
  };
  std::map<std::string, Life> lives_;
  std::size_t ready_ = 0;
  std::size_t stopped_ = 0;
};

}  // namespace muster::environment
