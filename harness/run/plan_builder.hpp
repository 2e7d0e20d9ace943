#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "messages/messages.hpp"
#include "run/gate.hpp"
#include "run/plan.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// One feature file, parsed.
struct LoadedFeature {
  messages::Source source;
  messages::GherkinDocument document;
  std::vector<messages::Pickle> pickles;
};

/// The pickles chosen from all features, in order: index of the feature, index of its pickle.
struct ChosenPickle {
  std::size_t feature = 0;
  std::size_t pickle = 0;
};

/// Plans the chosen pickles: matches their steps, chooses their hooks, gives them ids and plan
/// keys, and asks the gate, if there is one, which of them may run.
Plan build_plan(const std::vector<LoadedFeature>& features, const std::vector<ChosenPickle>& chosen,
                const steps::Library& library, IncrementalIds& ids, const Gate& gate = {});

}  // namespace muster::run
