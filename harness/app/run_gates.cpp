#include "app/run_gates.hpp"

#include <utility>

#include "app/capability_gate.hpp"
#include "run/tier.hpp"

namespace muster::app {

Result<run::Gate> gate_of(const run::RunSettings& settings, const config::Config& config,
                          const std::vector<run::LoadedFeature>& features,
                          const std::vector<run::ChosenPickle>& chosen) {
  std::vector<run::Gate> gates;
  gates.push_back(run::tier_gate(settings.tier));
  auto capabilities =
      capability_gate(features, chosen, gates.back(), settings.strict_capabilities, config);
  if (!capabilities) return capabilities.error();
  gates.push_back(std::move(*capabilities));
  return run::all_of(std::move(gates));
}

}  // namespace muster::app
