#pragma once

#include <string>

#include "run/plan.hpp"

namespace muster::run {

/// What is said of a run in which no scenario ran because gates closed them all: it proves nothing,
/// and is red. Empty for others, also for an empty plan.
std::string nothing_ran(const Plan& plan);

}  // namespace muster::run
