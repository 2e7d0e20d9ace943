#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "run/coordinator.hpp"
#include "run/frames.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// The messages of the run itself: its start and end, and its BEFORE_ALL and AFTER_ALL hooks.
class HookTelling {
 public:
  HookTelling(const Plan& plan, const steps::Library& library, const Surroundings& around);

  void run_started();
  void run_finished(bool success, const std::string& problem);
  void on(const frame::HookStarted& frame);
  void on(const frame::HookFinished& frame);
  /// The process that ran the hook is gone.
  void abandon(const std::string& why);

  bool passed() const { return passed_; }
  /// Place of the hook that runs now; empty if none does.
  std::string running() const;

 private:
  const Plan& plan_;
  const steps::Library& library_;
  const Surroundings& around_;
  std::string run_id_;
  std::string started_id_;
  std::optional<std::uint32_t> running_;
  bool passed_ = true;
};

}  // namespace muster::run
