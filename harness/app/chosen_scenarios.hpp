#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "expressions/tag_expression.hpp"
#include "messages/messages.hpp"
#include "run/plan_builder.hpp"

namespace CLI {
class App;
}

namespace muster::app {

/// Which scenarios a command is about.
struct ScenarioArguments {
  std::vector<std::string> paths;  ///< PATH[:LINE]…; empty: features
  std::string tags;
};

/// Declares the options on the command.
void declare_scenario_options(CLI::App& command, ScenarioArguments& arguments);

/// The features that were read and the pickles chosen from them.
struct ChosenScenarios {
  std::vector<run::LoadedFeature> features;
  std::vector<run::ChosenPickle> chosen;
  IncrementalIds ids;
};

/// "did you mean" for the first tag of an expression that no scenario has; empty if all are known.
std::string unknown_tag(const expressions::TagExpression& tags,
                        const std::vector<run::LoadedFeature>& features);

/// Reads and chooses. Parse errors are printed one by one, the last one returned; further errors
/// are those of run::select_files, run::load_features, run::choose_pickles and
/// TagExpression::parse. Where nothing is selected, the hint names a tag that was meant.
Result<ChosenScenarios> choose_scenarios(const ScenarioArguments& arguments);

/// The steps and rules of a document by the ids of its nodes. It points into the document.
class NodeIndex {
 public:
  explicit NodeIndex(const messages::GherkinDocument& document);

  /// The step that a pickle's step was made of; null for one of another document.
  const messages::Step* step(const messages::PickleStep& made) const;
  /// The name of the rule that a pickle's scenario stands in; empty outside of rules.
  std::string_view rule(const messages::Pickle& pickle) const;

 private:
  void add(const std::vector<messages::Step>& steps);

  std::unordered_map<std::string_view, const messages::Step*> steps_;
  std::unordered_map<std::string_view, std::string_view> rules_;  // by scenario
};

}  // namespace muster::app
