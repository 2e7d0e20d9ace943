#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "muster/definition.hpp"
#include "steps/assertions.hpp"
#include "steps/pauses.hpp"

namespace muster::steps {

/// How a body ended.
struct BodyResult {
  enum class Kind { passed, pending, skipped, failed };
  Kind kind = Kind::passed;
  std::string message;         ///< reason, or all that failed
  std::string exception_type;  ///< of what was thrown; empty when nothing was
  std::string exception_message;
  std::string code;  ///< of a thrown Error, or `timed_out`
};

/// Runs one body to its end on this thread. A coroutine body gets an io_context of its own and is
/// cancelled at `deadline`. Whatever it throws, of any type, and every failed EXPECT_* becomes part
/// of the result.
BodyResult run_body(void (*body)(), detail::Invoke invoke, const detail::Call& call,
                    Deadline deadline, AssertionCollector& assertions);

}  // namespace muster::steps
