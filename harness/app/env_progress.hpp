#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "base/json.hpp"
#include "environment/progress.hpp"

namespace muster::app {

/// Draws on stderr how a start or stop goes: on a terminal one line that is kept up to date with
/// what is awaited and since when, below the lines of what has happened; elsewhere only those, and
/// a line for what is awaited long.
class EnvProgress {
 public:
  EnvProgress();
  /// Takes the live line away.
  ~EnvProgress();
  EnvProgress(const EnvProgress&) = delete;
  EnvProgress& operator=(const EnvProgress&) = delete;

  void take(const Json& step);
  /// For start_environment and the like.
  std::function<void(const Json&)> taker() {
    return [this](const Json& step) { take(step); };
  }

 private:
  void draw(std::int64_t now_ns);
  void erase();
  void remind(std::int64_t now_ns);

  environment::Progress progress_;
  bool terminal_;
  bool drawn_ = false;
  std::int64_t next_reminder_ns_ = 0;
  std::int64_t reminder_pause_ns_;
};

}  // namespace muster::app
