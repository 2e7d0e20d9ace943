#include "app/run_gates.hpp"

#include <utility>
#include <vector>

#include "run/tier.hpp"

namespace muster::app {

Result<run::Gate> gate_of(const RunArguments& arguments) {
  const auto tier = run::Tier::parse(arguments.tier);
  if (!tier) return tier.error();
  std::vector<run::Gate> gates;
  gates.push_back(run::tier_gate(*tier));
  return run::all_of(std::move(gates));
}

}  // namespace muster::app
