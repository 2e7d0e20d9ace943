#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "muster/attachment.hpp"
#include "run/channel.hpp"
#include "run/frames.hpp"

namespace muster::run {

/// Tells the coordinator what happens in a worker's case. The body thread speaks until the service
/// thread takes over because a body hangs; from then on a body thread that speaks is parked for
/// ever, so that no case is told twice.
class Narrator {
 public:
  /// `take_output`: what bodies printed since it was called last; may be empty.
  explicit Narrator(FrameSink& sink, std::function<std::string()> take_output = {})
      : sink_(sink), take_output_(std::move(take_output)) {}

  /// Says that the calling thread is the body thread, which may be parked.
  void bind_body_thread();

  void case_started(std::uint32_t index, std::uint32_t attempt, std::uint32_t worker);
  void step_started(std::uint32_t step, std::chrono::milliseconds timeout);
  /// The worst of the steps that have ended, the held one left out.
  Status worst() const { return worst_; }

  /// The end of the current step. Held back until the next step starts or the case ends, so that
  /// what is found then can amend it.
  void step_finished(frame::StepFinished finished);
  /// Makes the step that ended last a failed one.
  void amend_last(const std::string& problem);
  /// All steps are done; what follows has this long.
  void case_ending(std::chrono::milliseconds timeout);
  /// The case is over; `retries_left`: another attempt follows if this one failed. Answers whether
  /// one does. `timeline`: of messages::Timeline, attached to the case.
  bool case_finished(bool retries_left, std::optional<std::string> timeline = {});

  void attach(const Attachment& attachment);
  void send(const Frame& frame);

  /// For the service thread: takes the case over from the body thread.
  void take_over();
  /// For the body thread whose case is being taken from it: never returns.
  [[noreturn]] static void park();

 private:
  /// Locks; parks the body thread if the case was taken from it.
  std::unique_lock<std::mutex> floor();
  void flush_held();

  FrameSink& sink_;
  std::function<std::string()> take_output_;
  std::mutex mutex_;
  std::thread::id body_thread_;
  bool taken_ = false;
  std::int64_t last_ = -1;
  std::int64_t started_ns_ = 0;
  Status worst_ = Status::unknown;
  std::optional<frame::StepFinished> held_;
};

}  // namespace muster::run
