#pragma once

#include <sys/types.h>

#include "base/unique_fd.hpp"
#include "run/worker.hpp"

namespace muster::run {

/// The zygote as its coordinator holds it.
struct Zygote {
  pid_t pid = -1;    ///< also the id of the process group of the zygote and all workers
  UniqueFd control;  ///< record socket: Fork and RunAfterAll out; HookStarted, HookFinished,
                     ///< HooksDone, Forked, Exited in
};

/// Forks the zygote. To be called before this process has a thread or an io_context: the zygote
/// inherits the plan and the compiled library, runs BEFORE_ALL, forks every worker, reaps them and
/// says how each ended, runs AFTER_ALL. It dies with its coordinator.
Zygote fork_zygote(const RunContext& run);

}  // namespace muster::run
