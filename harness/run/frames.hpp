#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "messages/test_case.hpp"

namespace muster::run {

using messages::Status;

/// The worst of two results of steps, as a scenario's result is made of them.
inline Status worse(Status a, Status b) {
  return a < b ? b : a;
}
/// Whether a scenario with this worst result makes the run red. One without steps has none.
inline bool is_green(Status worst) {
  return worst <= Status::skipped;
}

/// What a step that failed without throwing has for the type of its exception: the word for it in
/// reports.
inline constexpr std::string_view kTimedOut = "timed-out";
inline constexpr std::string_view kLeaked = "leaked";

/// What a worker tells the coordinator of the case it runs.
namespace frame {
struct CaseStarted {
  std::uint32_t index = 0;  ///< into Plan::cases
  std::uint32_t attempt = 0;
  std::uint32_t worker = 0;
  WallTime at;
};
struct StepStarted {
  std::uint32_t step = 0;  ///< into PlannedCase::steps
  WallTime at;
  std::int64_t timeout_ms = 0;
};
struct Attached {
  std::int64_t step = -1;  ///< -1: the case, not a step
  WallTime at;
  std::string body;  ///< bytes, not encoded
  std::string media_type;
  std::string file_name;
  bool text = true;  ///< false: kept as base64
};
struct StepFinished {
  std::uint32_t step = 0;
  WallTime at;
  std::int64_t duration_ns = 0;
  Status status = Status::unknown;
  std::string message;
  std::string exception_type;  ///< empty unless something was thrown
  std::string exception_message;
};
/// All steps are done: fixtures are destroyed and programs stopped now.
struct CaseEnding {
  std::int64_t timeout_ms = 0;
};
struct CaseFinished {
  WallTime at;
  bool retried = false;  ///< another attempt follows
};
/// An observation, as JSON.
struct Observed {
  std::string json;
};
/// A group of programs, before its first spawn, as JSON.
struct GroupOpened {
  std::string record;
};
/// The body thread hangs: the case ends without it and CaseFinished follows; the worker must be
/// replaced then.
struct Stuck {};

/// Nothing left of the last order; the worker waits for the next one.
struct Idle {};
/// The worker leaves and its run fixtures are destroyed; what went wrong with them, or empty.
struct Leaving {
  std::string problem;
};

/// What the coordinator itself adds to the story of a case.
struct Abandoned {
  WallTime at;
  std::string why;
  bool retried = false;
  bool timed_out = false;
};
struct NotRun {
  WallTime at;
  bool fails = false;
  std::string reason;
};

/// What the coordinator orders of a worker: one case, or all that it can take from the board.
struct RunOne {
  std::uint32_t index = 0;
  std::uint32_t attempt = 0;
};
struct RunFree {};

/// Coordinator → zygote; `fork` carries the descriptors of WorkerDescriptors.
struct Fork {
  std::uint32_t worker = 0;
};
struct RunAfterAll {};

/// Zygote → coordinator; `forked` carries a pidfd.
struct Forked {
  std::uint32_t worker = 0;
  std::int64_t pid = 0;
};
struct Exited {
  std::uint32_t worker = 0;
  std::int64_t wait_status = 0;
};
struct HookStarted {
  std::uint32_t hook = 0;  ///< into Library::hooks
  WallTime at;
};
struct HookFinished {
  std::uint32_t hook = 0;
  WallTime at;
  std::int64_t duration_ns = 0;
  Status status = Status::unknown;
  std::string message;
  std::string exception_type;  ///< empty unless something was thrown
  std::string exception_message;
};
/// What the running hook attached, in pieces that fit into a record.
struct HookAttached {
  WallTime at;
  std::string body;  ///< bytes, not encoded
  std::string media_type;
  std::string file_name;
  bool text = true;
  bool more = false;  ///< the body goes on in the next one
};
/// All BEFORE_ALL hooks, or all AFTER_ALL hooks, have run.
struct HooksDone {
  bool after = false;
  std::string problem;  ///< e.g. a thread left behind; empty when all is well
};
}  // namespace frame

using Frame =
    std::variant<frame::CaseStarted, frame::StepStarted, frame::Attached, frame::StepFinished,
                 frame::CaseFinished, frame::CaseEnding, frame::Observed, frame::GroupOpened,
                 frame::Stuck, frame::Idle, frame::Leaving, frame::Abandoned, frame::NotRun,
                 frame::RunOne, frame::RunFree, frame::Fork, frame::RunAfterAll, frame::Forked,
                 frame::Exited, frame::HookStarted, frame::HookFinished, frame::HookAttached,
                 frame::HooksDone>;

std::string encode(const Frame& frame);
Result<Frame> decode(std::string_view bytes);

/// What the bodies of a case printed, as an attachment of the case.
Frame output_frame(std::string printed);

/// Appends the frame as it stands on a stream: 32-bit length, bytes.
void append_framed(std::string& out, const Frame& frame);

}  // namespace muster::run
