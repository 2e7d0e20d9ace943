#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "run/case_telling.hpp"
#include "run/defaults.hpp"
#include "run/matching.hpp"
#include "run/onlooker.hpp"
#include "run/plan.hpp"
#include "steps/host.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// What the coordinator needs of its surroundings.
struct Surroundings {
  Emit emit;                                        ///< every message, in order
  std::function<void(const std::string&)> observe;  ///< every observation, one JSON text
  std::function<void(const std::string&)> started;  ///< after BEFORE_ALL, with TestRunStarted's id
  NextId next_id;                                   ///< further ids
  std::function<void()> quiet;                      ///< nothing more to tell for the moment
  Onlooker* onlooker = nullptr;                     ///< may be null
};

struct RunOptions {
  unsigned jobs = 1;  ///< workers at once
  Timeouts timeouts;
  bool fail_fast = false;
  bool shard = false;  ///< a part of a run: nothing may be left for it to do
};

/// How a run ended.
struct Outcome {
  bool passed = false;       ///< every case ran and passed, every hook too
  bool interrupted = false;  ///< SIGINT or SIGTERM
  std::string problem;       ///< why the run as a whole failed, if it did
};

/// Runs the plan: forks watchdog and zygote, lets workers take cases, enforces deadlines, turns
/// their frames into messages (from TestRunStarted to TestRunFinished), replaces workers that crash
/// or hang, sweeps what they leave. One thread, no user code. To be called while the process has
/// one thread and no io_context.
Outcome coordinate(const Plan& plan, Matching& matching, const steps::RunInfo& run,
                   const RunOptions& options, const Surroundings& surroundings);

}  // namespace muster::run
