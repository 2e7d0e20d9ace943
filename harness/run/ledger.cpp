#include "run/ledger.hpp"

#include "base/clock.hpp"

namespace muster::run {

void Ledger::not_run(std::uint32_t index, const Closed& verdict) {
  chronicle_.add(index, frame::NotRun{system_clock().wall(), verdict.fails, verdict.reason});
  chronicle_.done(index);
  schedule_.started(index);
  passed_ = passed_ && !verdict.fails;
  ++finished_;
}

void Ledger::not_run_the_rest() {
  for (std::uint32_t i = 0; i < plan_.cases.size(); ++i) {
    if (!schedule_.has_started(i)) not_run(i, kFailedFast);
  }
}

void Ledger::closed(std::uint32_t index, Status worst) {
  if (!is_green(worst)) {
    passed_ = false;
    if (fail_fast_) schedule_.stop();
  }
  chronicle_.done(index);
  ++finished_;
}

bool Ledger::all_done() const {
  return finished_ == plan_.cases.size();
}

}  // namespace muster::run
