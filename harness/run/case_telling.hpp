#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/messages.hpp"
#include "run/frames.hpp"
#include "run/plan.hpp"
#include "run/result_messages.hpp"

namespace muster::run {

using Emit = std::function<void(const messages::Envelope&)>;
using NextId = std::function<std::string()>;

/// Turns the frames of one case, all its attempts, into messages.
class CaseTelling {
 public:
  CaseTelling(const Plan& plan, std::size_t index, const NextId& next_id, const Emit& emit)
      : plan_(plan), planned_(plan.cases.at(index)), next_id_(next_id), emit_(emit) {}

  /// Frames that are not about the story of a case are left out.
  void on(const Frame& frame);

 private:
  void take(const frame::CaseStarted& frame);
  void take(const frame::StepStarted& frame);
  void take(const frame::Attached& frame);
  void take(const frame::StepFinished& frame);
  void take(const frame::CaseFinished& frame);
  void take(const frame::Abandoned& frame);
  void take(const frame::NotRun& frame);
  void take(const auto&) {}

  void start(std::uint32_t attempt, std::string worker_id, WallTime at);
  /// Ends what has not ended: the first step with `verdict` and `why`, the others skipped.
  void end_all(WallTime at, Status verdict, const std::string& why, bool retried,
               std::string_view cause = {});
  void finish(WallTime at, bool retried);
  /// `uri:line` of a step, or of the scenario for a hook.
  std::string place_of(std::uint32_t step) const;

  const Plan& plan_;
  const PlannedCase& planned_;
  const NextId& next_id_;
  const Emit& emit_;
  std::string started_id_;  ///< of the attempt that runs; empty between attempts
  std::uint32_t attempts_ = 0;
  std::uint32_t next_ = 0;  ///< the first step that has not ended
  bool in_step_ = false;
  WallTime step_began_;
};

}  // namespace muster::run
