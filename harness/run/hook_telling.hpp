#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "run/coordinator.hpp"
#include "run/frames.hpp"
#include "run/result_messages.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// The messages of the run itself: its start and end, and its BEFORE_ALL and AFTER_ALL hooks.
class HookTelling {
 public:
  HookTelling(const Plan& plan, const steps::Library& library, const Surroundings& around);

  void run_started();
  /// BEFORE_ALL went well: tells the cases.
  void cases_begin();
  /// `thrown` is what broke the run as a whole, if something was thrown.
  void run_finished(bool success, const std::string& problem, const Thrown& thrown = {});
  void on(const frame::HookStarted& frame);
  void on(const frame::HookAttached& frame);
  void on(const frame::HookFinished& frame);
  /// The process that ran the hook is gone.
  void abandon(const std::string& why);

  bool passed() const { return passed_; }
  /// Place of the hook that runs now; empty if none does.
  std::string running() const;

 private:
  std::string place_of(std::uint32_t hook) const;

  const Plan& plan_;
  const steps::Library& library_;
  const Surroundings& around_;
  std::string run_id_;
  std::string started_id_;
  std::optional<std::uint32_t> running_;
  std::string attached_;  ///< the body so far of an attachment in pieces
  bool passed_ = true;
};

/// The whole story of a run that could not begin: it starts and fails for `why`.
Outcome broken_run(const Plan& plan, const steps::Library& library, const Surroundings& around,
                   const Error& why);

}  // namespace muster::run
