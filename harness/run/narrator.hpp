#pragma once

#include <chrono>
#include <cstdint>
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
  explicit Narrator(FrameSink& sink) : sink_(sink) {}

  /// Says that the calling thread is the body thread, which may be parked.
  void bind_body_thread();

  void case_started(std::uint32_t index, std::uint32_t attempt);
  void step_started(std::uint32_t step, std::chrono::milliseconds timeout);
  /// The end of the current step. Held back until the next step starts or the case ends, so that
  /// what is found then can amend it.
  void step_finished(frame::StepFinished finished);
  /// Makes the step that ended last a failed one.
  void amend_last(const std::string& problem);
  /// All steps are done; what follows has this long.
  void case_ending(std::chrono::milliseconds timeout);
  void case_finished();

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
  std::mutex mutex_;
  std::thread::id body_thread_;
  bool taken_ = false;
  std::int64_t last_ = -1;
  std::int64_t started_ns_ = 0;
  std::optional<frame::StepFinished> held_;
};

}  // namespace muster::run
