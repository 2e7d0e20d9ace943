#pragma once

#include <string>

#include "expressions/snippet.hpp"
#include "messages/pickle.hpp"

namespace muster::run {

/// A step definition ready to be pasted into a step file, for a step that no definition fits.
std::string snippet(const expressions::Proposal& proposal, const messages::PickleStep& step);

}  // namespace muster::run
