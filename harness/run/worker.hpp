#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/unique_fd.hpp"
#include "run/board.hpp"
#include "run/defaults.hpp"
#include "run/matching.hpp"
#include "run/plan.hpp"
#include "run/printed.hpp"
#include "run/ring.hpp"
#include "run/shared_memory.hpp"
#include "steps/host.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// What all that runs bodies has to know; the zygote inherits it.
struct RunContext {
  const Plan& plan;
  Matching& matching;
  const steps::RunInfo& run;
  Board& board;
  Timeouts timeouts;
  bool fail_fast = false;  ///< nothing is taken from the board after a case that failed
};

/// The memory that one worker shares with the coordinator.
class WorkerMemory {
 public:
  static UniqueFd make() { return make_shared_memory(Ring::size() + Printed::size()); }
  explicit WorkerMemory(int memory)
      : memory_(memory, Ring::size() + Printed::size()),
        ring(memory_.at(0)),
        printed(memory_.at(Ring::size())) {}

 private:
  SharedMemory memory_;

 public:
  Ring ring;
  Printed printed;
};

/// The descriptors of a worker, in the order in which a Fork record carries them.
struct WorkerDescriptors {
  UniqueFd channel;     ///< socket to the coordinator
  UniqueFd memory;      ///< WorkerMemory
  UniqueFd output;      ///< pipe that is stdout and stderr of step bodies
  UniqueFd output_end;  ///< its end to read from, non-blocking
};

/// The life of a worker process, forked by the zygote: takes orders from its channel until it ends,
/// then leaves by `_exit`. It dies with its parent `zygote`.
[[noreturn]] void run_worker(const RunContext& run, std::uint32_t number, pid_t zygote,
                             WorkerDescriptors descriptors);

}  // namespace muster::run
