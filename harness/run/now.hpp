#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/frames.hpp"
#include "run/plan.hpp"

namespace muster::run {

/// What every worker is at, as its frames tell it. Times are CLOCK_MONOTONIC, nanoseconds.
class Now {
 public:
  struct Program {
    std::string name;
    std::int64_t pid = 0;
    std::int64_t since_ns = 0;
    bool ready = false;
    std::string last_line;  ///< that it printed; as it came
  };
  /// A scenario that runs.
  struct Scene {
    std::uint32_t index = 0;  ///< into Plan::cases
    std::uint32_t attempt = 0;
    std::int64_t began_ns = 0;
    std::optional<std::uint32_t> step;  ///< absent before the first
    std::int64_t step_began_ns = 0;
    bool ending = false;  ///< fixtures are destroyed and programs stopped
    messages::Status worst = messages::Status::unknown;
    std::vector<Program> programs;                    ///< that run, in the order of their start
    std::int64_t told_step_ns = 0, told_case_ns = 0;  ///< how slow slow() has said it is
  };
  struct Counts {
    std::size_t planned = 0, done = 0, failed = 0;
  };

  explicit Now(const Plan& plan);

  void take(std::uint32_t worker, const Frame& frame, std::int64_t now_ns);
  /// The worker is gone; a case that it was at has failed, or is tried again.
  void gone(std::uint32_t worker);

  const std::map<std::uint32_t, Scene>& scenes() const { return scenes_; }  ///< by worker
  const Counts& counts() const { return counts_; }

  std::string place(const Scene& scene) const;  ///< `uri:line`
  const std::string& name(const Scene& scene) const;
  /// `When it starts`, `a hook`, `the beginning`, `the end`.
  std::string step(const Scene& scene) const;

  /// Steps and scenarios that have lasted longer than these limits, one line each; each again when
  /// it has lasted twice as long as it was told last. A limit of 0 is none.
  std::vector<std::string> slow(std::int64_t now_ns, std::chrono::milliseconds step_limit,
                                std::chrono::milliseconds case_limit);

 private:
  void observed(Scene& scene, const std::string& json, std::int64_t now_ns);
  void done(const Scene& scene, bool failed);

  const Plan& plan_;
  std::map<std::uint32_t, Scene> scenes_;
  Counts counts_;
};

/// `0.4 s`, `12 s`, `3 min 5 s`.
std::string lasting(std::int64_t duration_ns);

}  // namespace muster::run
