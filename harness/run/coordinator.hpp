#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "run/case_telling.hpp"
#include "run/plan.hpp"
#include "steps/host.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// What the coordinator needs of its surroundings.
struct Surroundings {
  Emit emit;                                           ///< every message, in order
  std::function<void(const std::string&)> observe;     ///< every observation, one JSON text
  std::function<std::string(std::size_t)> started_id;  ///< id of the TestCaseStarted of case i
  std::function<void(const std::string&)> started;  ///< after BEFORE_ALL, with TestRunStarted's id
  std::function<std::string()> next_id;             ///< further ids
};

struct RunOptions {
  unsigned jobs = 1;  ///< workers at once
};

/// How a run ended.
struct Outcome {
  bool passed = false;       ///< every case ran and passed, every hook too
  bool interrupted = false;  ///< SIGINT or SIGTERM
  std::string problem;       ///< why the run as a whole failed, if it did
};

/// Runs the plan: forks watchdog and zygote, hands cases to workers, enforces deadlines, turns
/// their frames into messages (from TestRunStarted to TestRunFinished), replaces workers that crash
/// or hang, sweeps what they leave. One thread, no user code. To be called while the process has
/// one thread and no io_context.
Outcome coordinate(const Plan& plan, const steps::Library& library, const steps::RunInfo& run,
                   const RunOptions& options, const Surroundings& surroundings);

}  // namespace muster::run
