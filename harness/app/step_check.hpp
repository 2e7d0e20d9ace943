#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/chosen_scenarios.hpp"
#include "base/diagnostic.hpp"
#include "run/matching.hpp"

namespace muster::app {

/// A step of a feature file that has not exactly one definition.
struct StepFinding {
  Place place;
  std::string text;
  std::size_t scenarios = 0;             ///< pickles it stands in
  std::vector<std::size_t> definitions;  ///< into Library::steps; none: undefined
  std::string snippet;                   ///< of an undefined step
  std::string near;                      ///< the definition that was meant; may be empty
};

/// A scenario without steps: it passes and shows nothing. A step whose keyword is misspelt becomes
/// text of the description.
struct EmptyScenario {
  Place place;
  std::string name;
};

/// What can be told of scenarios and definitions without running anything.
struct StepCheck {
  std::size_t scenarios = 0;
  std::size_t steps = 0;
  std::vector<StepFinding> findings;  ///< in order of the features
  std::vector<EmptyScenario> empty;
  std::vector<std::size_t> slow;    ///< their regular expressions gave no answer in their bound
  std::vector<std::size_t> unused;  ///< definitions that no step uses, into Library::steps
};

/// Matches every step of the chosen scenarios, as a run does.
StepCheck check_steps(const ChosenScenarios& scenarios, run::Matching& matching);

}  // namespace muster::app
