#pragma once

#include <string>
#include <vector>

#include "messages/messages.hpp"
#include "report/colour.hpp"
#include "report/story.hpp"

namespace muster::report {

/// What stands at the end of a run: scenarios that did not pass with the command that runs them
/// again, snippets for undefined steps, counts of scenarios and steps by status, how long it took.
std::string summary(const Story& story, const std::vector<std::string>& snippets,
                    const messages::TestRunFinished& finished, const std::string& command,
                    const Painter& paint);

}  // namespace muster::report
