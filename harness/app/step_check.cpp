#include "app/step_check.hpp"

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "app/near_definition.hpp"
#include "expressions/snippet.hpp"
#include "run/snippet.hpp"

namespace muster::app {
namespace {

Place place_of(const messages::Pickle& pickle, const messages::Step* written) {
  const messages::Location& at = written != nullptr ? written->location : *pickle.location;
  return {pickle.uri, at.line, at.column.value_or(0)};
}

/// What a step text leads to; the same text is matched once.
struct Fit {
  std::vector<std::size_t> definitions;
  std::string near;
};

class Checking {
 public:
  explicit Checking(run::Matching& matching)
      : matching_(matching), library_(matching.library()), used_(library_.steps.size()) {}

  void step(const messages::Pickle& pickle, const messages::PickleStep& step,
            const messages::Step* written) {
    ++made_.steps;
    const Fit& fit = fit_of(step);
    if (fit.definitions.size() == 1) return;
    const Place place = place_of(pickle, written);
    // the rows of an outline share their lines
    const auto key = std::make_tuple(place.uri, place.line, step.text);
    const auto [known, fresh] = known_.try_emplace(key, made_.findings.size());
    if (fresh) {
      StepFinding finding{place, step.text, 0, fit.definitions, {}, fit.near};
      const auto proposals = fit.definitions.empty()
                                 ? expressions::propose(step.text, library_.types, 1)
                                 : std::vector<expressions::Proposal>();
      if (!proposals.empty()) finding.snippet = run::snippet(proposals.front(), step);
      made_.findings.push_back(std::move(finding));
    }
    ++made_.findings[known->second].scenarios;
  }

  StepCheck finish() {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (!used_[i]) made_.unused.push_back(i);
    }
    made_.slow.assign(slow_.begin(), slow_.end());
    return std::move(made_);
  }

  void scenario(const messages::Pickle& pickle) {
    ++made_.scenarios;
    if (pickle.steps.empty()) made_.empty.push_back({place_of(pickle, nullptr), pickle.name});
  }

 private:
  const Fit& fit_of(const messages::PickleStep& step) {
    const auto type = step.type.value_or(messages::PickleStepType::unknown);
    const auto [at, fresh] = fits_.try_emplace({step.text, type});
    if (!fresh) return at->second;
    const run::Fit& found = matching_.of(step.text, type);
    for (const auto& match : found.matches) {
      at->second.definitions.push_back(match.definition);
      used_[match.definition] = true;
    }
    slow_.insert(found.exceeded.begin(), found.exceeded.end());
    if (at->second.definitions.empty()) {
      at->second.near = near_definition(library_, step.text).value_or("");
    }
    return at->second;
  }

  run::Matching& matching_;
  const steps::Library& library_;
  StepCheck made_;
  std::vector<bool> used_;
  std::set<std::size_t> slow_;
  std::map<std::pair<std::string, messages::PickleStepType>, Fit> fits_;
  std::map<std::tuple<std::string, int, std::string>, std::size_t> known_;
};

}  // namespace

StepCheck check_steps(const ChosenScenarios& scenarios, run::Matching& matching) {
  Checking checking(matching);
  std::optional<NodeIndex> nodes;
  std::size_t indexed = scenarios.features.size();
  for (const auto& choice : scenarios.chosen) {
    const auto& feature = scenarios.features[choice.feature];
    if (indexed != choice.feature) nodes.emplace(feature.document);
    indexed = choice.feature;
    const auto& pickle = feature.pickles[choice.pickle];
    checking.scenario(pickle);
    for (const auto& step : pickle.steps) checking.step(pickle, step, nodes->step(step));
  }
  return checking.finish();
}

}  // namespace muster::app
