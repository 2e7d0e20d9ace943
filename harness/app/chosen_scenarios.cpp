#include "app/chosen_scenarios.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <set>

#include "base/diff.hpp"
#include "expressions/tag_expression.hpp"
#include "run/feature_files.hpp"
#include "run/selection.hpp"

namespace muster::app {

std::string unknown_tag(const expressions::TagExpression& tags,
                        const std::vector<run::LoadedFeature>& features) {
  std::set<std::string> known;
  for (const auto& feature : features) {
    for (const auto& pickle : feature.pickles) {
      for (const auto& tag : pickle.tags) known.insert(tag.name);
    }
  }
  const std::vector<std::string> candidates(known.begin(), known.end());
  for (const auto& tag : tags.tags()) {
    if (known.count(tag) > 0) continue;
    const auto near = nearest(tag, candidates);
    return "no scenario has the tag " + tag + (near ? ", did you mean " + *near + "?" : "");
  }
  return {};
}

void declare_scenario_options(CLI::App& command, ScenarioArguments& arguments) {
  command.add_option("paths", arguments.paths,
                     "Feature files or folders, each with :LINE if wanted (default: features)");
  command.add_option("-t,--tags", arguments.tags, "Tag expression, e.g. \"@smoke and not @slow\"");
}

Result<ChosenScenarios> choose_scenarios(const ScenarioArguments& arguments) {
  const auto tags = expressions::TagExpression::parse(arguments.tags);
  if (!tags) return tags.error();
  const auto selection = run::select_files(
      arguments.paths.empty() ? std::vector<std::string>{"features"} : arguments.paths);
  if (!selection) return selection.error();
  ChosenScenarios made;
  auto loaded = run::load_features(selection->files, made.ids);
  if (!loaded) return loaded.error();
  if (!loaded->errors.empty()) {
    const auto problems = run::diagnostics_of(*loaded);
    for (std::size_t i = 0; i + 1 < problems.size(); ++i) std::cerr << render(problems[i]);
    return problems.back();
  }
  made.features = std::move(loaded->features);
  auto chosen = run::choose_pickles(made.features, *selection, {*tags, run::NameFilter()});
  if (!chosen) {
    Error none = chosen.error();
    const std::string hint = unknown_tag(*tags, made.features);
    if (none.code == "nothing_selected" && !hint.empty()) none.hint = hint;
    return none;
  }
  made.chosen = std::move(chosen).value();
  return made;
}

NodeIndex::NodeIndex(const messages::GherkinDocument& document) {
  if (!document.feature) return;
  for (const auto& child : document.feature->children) {
    if (child.background) add(child.background->steps);
    if (child.scenario) add(child.scenario->steps);
    if (!child.rule) continue;
    for (const auto& inner : child.rule->children) {
      if (inner.background) add(inner.background->steps);
      if (!inner.scenario) continue;
      add(inner.scenario->steps);
      rules_.emplace(inner.scenario->id, child.rule->name);
    }
  }
}

void NodeIndex::add(const std::vector<messages::Step>& steps) {
  for (const auto& step : steps) steps_.emplace(step.id, &step);
}

const messages::Step* NodeIndex::step(const messages::PickleStep& made) const {
  if (made.ast_node_ids.empty()) return nullptr;
  const auto found = steps_.find(made.ast_node_ids.front());
  return found == steps_.end() ? nullptr : found->second;
}

std::string_view NodeIndex::rule(const messages::Pickle& pickle) const {
  if (pickle.ast_node_ids.empty()) return {};
  const auto found = rules_.find(pickle.ast_node_ids.front());
  return found == rules_.end() ? std::string_view() : found->second;
}

}  // namespace muster::app
