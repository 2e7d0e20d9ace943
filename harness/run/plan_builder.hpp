#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "expressions/tag_expression.hpp"
#include "gherkin/feature_tree.hpp"
#include "messages/messages.hpp"
#include "run/gate.hpp"
#include "run/matching.hpp"
#include "run/plan.hpp"

namespace muster::run {

/// One feature file as messages.
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

/// What a plan depends on beside features and library.
struct PlanOptions {
  Gate gate;                              ///< which scenarios may run; none: all
  std::uint32_t retry = 0;                ///< further attempts of a scenario that fails
  expressions::TagExpression retry_tags;  ///< of those that this is for
};

/// Plans the chosen pickles: matches their steps, chooses their hooks, gives them ids and plan
/// keys, locks and attempts, and asks the gate, if there is one, which of them may run.
Plan build_plan(const std::vector<gherkin::FeatureTree>& features,
                const std::vector<ChosenPickle>& chosen, Matching& matching, IncrementalIds& ids,
                const PlanOptions& options = {});

}  // namespace muster::run
