#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/replayed_case.hpp"

namespace muster::app {

/// The chains of a scenario as its feature file has them now.
struct EditedChains {
  std::string uri;
  std::vector<ArmedChain> chains;
};

/// The chains of the scenario of that name in `feature`, or where that is empty in the file that it
/// was run from, beneath `project` or here. What was judged in the run keeps its time where the
/// chain is the same one by its place among the scenario's chains. None when the file or the
/// scenario is gone. Errors: `file_unreadable` for a feature that was given, and the first error of
/// its text.
Result<std::optional<EditedChains>> edited_chains(const RecordedCase& recorded,
                                                  const std::string& feature,
                                                  const std::string& project);

}  // namespace muster::app
