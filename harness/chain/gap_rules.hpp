#pragma once

#include <optional>

#include "chain/facts.hpp"

/// One rule per gap. Each returns nothing when its evidence is not there; `why` holds what the rule
/// itself points at.
namespace muster::chain {

std::optional<Gap> program_missing(const Facts& facts);  ///< A
std::optional<Gap> engine_down(const Facts& facts);      ///< B
std::optional<Gap> bearer_drift(const Facts& facts);     ///< C
std::optional<Gap> schema_drift(const Facts& facts);     ///< D
std::optional<Gap> teardown_stuck(const Facts& facts);   ///< E
std::optional<Gap> sink_refused(const Facts& facts);     ///< F
std::optional<Gap> session_denied(const Facts& facts);   ///< G

/// Not a gap of the table, yet to be told apart from D: the frames' stream was cut, stalled, or
/// never came.
std::optional<Gap> stream_broken(const Facts& facts);
/// Nor B: a provision that failed while the engine was there.
std::optional<Gap> provision_failed(const Facts& facts);

}  // namespace muster::chain
