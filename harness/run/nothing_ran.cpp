#include "run/nothing_ran.hpp"

#include <fmt/format.h>

#include <set>

namespace muster::run {

std::string nothing_ran(const Plan& plan) {
  std::set<std::string> reasons;
  for (const auto& planned : plan.cases) {
    if (!planned.closed) return {};
    reasons.insert(planned.closed->reason);
  }
  if (plan.cases.empty()) return {};
  return fmt::format(
      "nothing ran, this proves nothing: {} of {} scenarios are closed to this run: {}",
      plan.cases.size(), plan.cases.size(), fmt::join(reasons, "; "));
}

}  // namespace muster::run
