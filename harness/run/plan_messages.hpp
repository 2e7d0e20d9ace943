#pragma once

#include <vector>

#include "base/ids.hpp"
#include "messages/messages.hpp"
#include "run/plan.hpp"
#include "run/plan_builder.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// The messages that describe the library: parameter types, step definitions, hooks.
std::vector<messages::Envelope> library_messages(const steps::Library& library, const Plan& plan,
                                                 IncrementalIds& ids);

/// The TestCase message of a planned case.
messages::TestCase case_message(const Plan& plan, std::size_t index,
                                const messages::Pickle& pickle);

/// A Suggestion with a C++ snippet for each undefined step of the plan, once per text.
std::vector<messages::Envelope> suggestions(const Plan& plan,
                                            const std::vector<LoadedFeature>& features,
                                            const std::vector<ChosenPickle>& chosen,
                                            const steps::Library& library, IncrementalIds& ids);

}  // namespace muster::run
