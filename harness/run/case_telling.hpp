#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "messages/messages.hpp"
#include "run/frames.hpp"
#include "run/plan.hpp"
#include "run/result_messages.hpp"

namespace muster::run {

using Emit = std::function<void(const messages::Envelope&)>;

/// The worst of two results of steps, as a scenario's result is made of them.
Status worse(Status a, Status b);

/// Turns a worker's frames about one attempt of a case into messages; ends the story itself when
/// the worker dies in the middle.
class CaseTelling {
 public:
  /// `started_id` becomes the id of TestCaseStarted.
  CaseTelling(const PlannedCase& planned, std::string started_id, std::string worker_id, Emit emit);

  void on(const frame::CaseStarted& frame);
  void on(const frame::StepStarted& frame);
  void on(const frame::Attached& frame);
  void on(const frame::StepFinished& frame);
  void on(const frame::CaseFinished& frame);

  /// What the bodies of the case printed.
  void attach_output(std::string_view text);

  /// The worker is gone: the running step, or the next one, fails with `why`, the others are
  /// skipped.
  void abandon(const std::string& why);

  /// The whole story of a case that a gate closed; it had no worker.
  void close(const Closed& verdict);

  bool finished() const { return finished_; }
  /// Of the whole case so far.
  Status status() const { return status_; }
  /// The step that runs, for progress; empty between steps.
  std::string running_step() const;

 private:
  void step_started(std::uint32_t step, WallTime at);
  void step_finished(std::uint32_t step, WallTime at, std::int64_t duration_ns, Status status,
                     const std::string& message, const Thrown& thrown);
  void attach(const Attachment& attachment, std::int64_t step, WallTime at);
  /// `uri:line` of a step, or of the scenario for a hook.
  std::string place_of(std::uint32_t step) const;
  /// Ends what has not ended: the first step with `verdict` and `why`, the others skipped.
  void end_all(Status verdict, const std::string& why);
  void finish(WallTime at);

  const PlannedCase& planned_;
  std::string started_id_;
  std::string worker_id_;
  Emit emit_;
  std::uint32_t attempt_ = 0;
  bool started_ = false;
  bool finished_ = false;
  std::uint32_t next_ = 0;  ///< the first step that has not ended
  bool in_step_ = false;
  std::int64_t step_began_ns_ = 0;
  Status status_ = Status::unknown;
};

}  // namespace muster::run
