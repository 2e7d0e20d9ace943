#pragma once

#include <vector>

#include "base/ids.hpp"
#include "messages/messages.hpp"
#include "run/matching.hpp"
#include "run/plan.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// The messages that describe the library: parameter types, step definitions, hooks, as they stand
/// in the step files.
std::vector<messages::Envelope> library_messages(const steps::Library& library, const Plan& plan,
                                                 IncrementalIds& ids);

/// The TestCase message of a planned case.
messages::TestCase case_message(const Plan& plan, std::size_t index, Matching& matching);

}  // namespace muster::run
