#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "run/chronicle.hpp"
#include "run/gate.hpp"
#include "run/schedule.hpp"

namespace muster::run {

/// The books of a run: what became of each case, told in plan order, and whether all is green.
class Ledger {
 public:
  Ledger(const Plan& plan, Schedule& schedule, bool fail_fast, Chronicle chronicle)
      : plan_(plan), schedule_(schedule), chronicle_(std::move(chronicle)), fail_fast_(fail_fast) {}

  /// A frame of the case; `encoded` is the frame as it came.
  void add(std::uint32_t index, const Frame& frame, std::string_view encoded) {
    chronicle_.add(index, frame, encoded);
  }
  void add(std::uint32_t index, const Frame& frame) { chronicle_.add(index, frame); }

  /// A case without worker.
  void not_run(std::uint32_t index, const Closed& verdict);
  /// Under `fail_fast`: all that has not begun is not run any more.
  void not_run_the_rest();
  /// The last attempt of a case is over; `worst` of its steps.
  void closed(std::uint32_t index, Status worst);

  bool passed() const { return passed_; }
  bool all_done() const;

 private:
  const Plan& plan_;
  Schedule& schedule_;
  Chronicle chronicle_;
  const bool fail_fast_;
  std::size_t finished_ = 0;
  bool passed_ = true;
};

}  // namespace muster::run
