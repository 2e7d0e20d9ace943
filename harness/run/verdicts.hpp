#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "run/frames.hpp"
#include "run/plan.hpp"
#include "steps/body.hpp"

namespace muster::run {

/// The end of a step, its time still unknown.
frame::StepFinished finished(std::uint32_t step, Status status, std::string message = {});
frame::StepFinished finished(std::uint32_t step, steps::BodyResult result);

/// The end of a step that cannot run because no definition, or more than one, fits it (the
/// candidates stand in the test case); nullopt for a hook and for a step with one definition.
std::optional<frame::StepFinished> unmatched_verdict(std::uint32_t index, const PlannedStep& step);

}  // namespace muster::run
