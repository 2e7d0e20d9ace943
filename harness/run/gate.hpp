#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::run {

/// Why a scenario must not run here.
struct Closed {
  bool fails = false;  ///< true: it counts as failed; false: as skipped
  std::string reason;  ///< shown with the result, e.g. `tier cai is above --tier 0`
};

/// What is not begun any more under `--fail-fast`.
inline const Closed kFailedFast{false, "--fail-fast: another scenario failed"};

/// Judges a scenario by its tags when the plan is built; nothing of a closed one is run, no hook
/// either. nullopt: it is open.
using Gate = std::function<std::optional<Closed>(const std::vector<std::string>& tags)>;

/// The first closed verdict of several gates; one that fails goes before one that only skips.
Gate all_of(std::vector<Gate> gates);

}  // namespace muster::run
