#include "app/step_check.hpp"

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

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
  explicit Checking(const steps::Library& library)
      : library_(library), used_(library.steps.size()) {}

  void step(const messages::Pickle& pickle, const messages::PickleStep& step,
            const messages::Step* written) {
    ++made_.steps;
    const Fit& fit = fit_of(step.text);
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

  void scenario() { ++made_.scenarios; }

 private:
  const Fit& fit_of(const std::string& text) {
    const auto [at, fresh] = fits_.try_emplace(text);
    if (!fresh) return at->second;
    std::vector<std::size_t> exceeded;
    for (const auto& match : library_.match(text, &exceeded)) {
      at->second.definitions.push_back(match.definition);
      used_[match.definition] = true;
    }
    slow_.insert(exceeded.begin(), exceeded.end());
    if (at->second.definitions.empty()) {
      at->second.near = near_definition(library_, text).value_or("");
    }
    return at->second;
  }

  const steps::Library& library_;
  StepCheck made_;
  std::vector<bool> used_;
  std::set<std::size_t> slow_;
  std::unordered_map<std::string, Fit> fits_;
  std::map<std::tuple<std::string, int, std::string>, std::size_t> known_;
};

}  // namespace

StepCheck check_steps(const ChosenScenarios& scenarios, const steps::Library& library) {
  Checking checking(library);
  std::optional<NodeIndex> nodes;
  std::size_t indexed = scenarios.features.size();
  for (const auto& choice : scenarios.chosen) {
    const auto& feature = scenarios.features[choice.feature];
    if (indexed != choice.feature) nodes.emplace(feature.document);
    indexed = choice.feature;
    const auto& pickle = feature.pickles[choice.pickle];
    checking.scenario();
    for (const auto& step : pickle.steps) checking.step(pickle, step, nodes->step(step));
  }
  return checking.finish();
}

}  // namespace muster::app
