#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/unique_fd.hpp"
#include "run/plan.hpp"
#include "steps/host.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// The descriptors of a worker.
struct WorkerDescriptors {
  UniqueFd channel;  ///< stream to the coordinator
  UniqueFd output;   ///< where stdout and stderr of step bodies go (append)
};

/// The life of a worker process, forked by the zygote: takes assignments from its channel until it
/// ends, then leaves by `_exit`. It dies with its parent `zygote`.
[[noreturn]] void run_worker(const Plan& plan, const steps::Library& library,
                             const steps::RunInfo& run, pid_t zygote,
                             WorkerDescriptors descriptors);

}  // namespace muster::run
