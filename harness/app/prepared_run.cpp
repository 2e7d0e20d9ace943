#include "app/prepared_run.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <iostream>

#include "app/chosen_scenarios.hpp"
#include "app/environment.hpp"
#include "app/meta.hpp"
#include "app/run_gates.hpp"
#include "app/step_library.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "journal/location.hpp"
#include "run/feature_files.hpp"
#include "run/plan_messages.hpp"
#include "run/rerun_list.hpp"
#include "run/selection.hpp"
#include "runtimes/requirement.hpp"

namespace muster::app {
namespace {

Result<std::vector<std::string>> wanted_paths(const run::RunSettings& settings,
                                              const std::string& project) {
  if (settings.last_failed) {
    const auto runtime = journal::runtime_directory(environment_variable);
    if (!runtime) return runtime.error();
    return run::last_failed(*runtime, project);
  }
  if (!settings.rerun.empty()) return run::read_rerun_list(settings.rerun);
  return run::expand_lists(settings.paths);
}

Result<void> parse(PreparedRun& prepared, const std::vector<std::string>& files,
                   const gherkin::Limits& limits, const Tell& tell) {
  auto parsed = run::parse_features(files, prepared.ids, limits);
  if (!parsed) return parsed.error();
  tell(meta());
  prepared.features = std::move(parsed->features);
  if (parsed->errors.empty()) return {};
  for (const auto& feature : prepared.features) tell(feature.source_message());
  for (const auto& feature : prepared.features) {
    for (const auto& problem : feature.errors()) {
      tell(problem);
      std::cerr << render(run::to_diagnostic(problem, feature.text()));
    }
  }
  const std::size_t count = parsed->errors.size();
  return error("parse_failed",
               fmt::format("{} parse error{}, nothing was run", count, count == 1 ? "" : "s"));
}

/// Whether choosing, or telling what is wrong with a choice, takes more than names and tags.
bool needs_document(const gherkin::FeatureTree& feature, const run::Selection& selection) {
  if (selection.lines.count(feature.uri()) > 0) return true;
  const auto& pickles = feature.pickles();
  return std::any_of(pickles.begin(), pickles.end(), [](const auto& pickle) {
    return std::any_of(pickle.tags.begin(), pickle.tags.end(),
                       [](const auto* tag) { return runtimes::means_requirement(tag->name); });
  });
}

/// A step whose keyword is misspelt becomes text of its scenario's description: a scenario without
/// steps passes, and has shown nothing.
void warn_of_empty(const run::Plan& plan) {
  for (const auto& planned : plan.cases) {
    if (!planned.info.steps.empty()) continue;
    const auto& scenario = planned.info.scenario;
    std::cerr << printable(fmt::format("{}:{}: warning: the scenario \"{}\" has no steps",
                                       scenario.uri, scenario.line, scenario.name))
              << '\n';
  }
}

Result<void> choose(PreparedRun& prepared, const std::vector<run::LoadedFeature>& outlines,
                    const run::Selection& selection, const run::RunSettings& settings) {
  const run::Filter filter{settings.tags, run::NameFilter(settings.names)};
  auto chosen = run::choose_pickles(outlines, selection, filter);
  if (!chosen) {
    Error none = chosen.error();
    const std::string hint = unknown_tag(settings.tags, outlines);
    if (none.code == "nothing_selected" && !hint.empty()) none.hint = hint;
    return none;
  }
  prepared.chosen = std::move(chosen).value();
  if (settings.shard) {
    settings.shard->keep(prepared.chosen);
    if (prepared.chosen.empty()) {
      std::cerr << "muster: shard " << settings.shard->text() << " has no scenario\n";
    }
  }
  settings.order.arrange(prepared.chosen);
  return {};
}

}  // namespace

Result<std::unique_ptr<PreparedRun>> prepare_run(const run::RunSettings& settings,
                                                 const config::Config& config,
                                                 const std::string& project, const Tell& tell) {
  auto library = compile_library_for_run(settings.allow_no_steps);
  if (!library) return library.error();
  auto paths = wanted_paths(settings, project);
  if (!paths) return paths.error();
  const auto selection = run::select_files(*paths);
  if (!selection) return selection.error();

  auto made = std::make_unique<PreparedRun>();
  PreparedRun& prepared = *made;
  prepared.paths = std::move(paths).value();
  prepared.library = std::move(library).value();
  prepared.matching = std::make_unique<run::Matching>(prepared.library, settings.keyword_bound);
  if (auto parsed = parse(prepared, selection->files, settings.limits, tell); !parsed)
    return parsed.error();
  std::vector<run::LoadedFeature> outlines;
  outlines.reserve(prepared.features.size());
  for (const auto& feature : prepared.features) {
    outlines.push_back(run::outline(feature, needs_document(feature, *selection)));
  }
  if (auto chosen = choose(prepared, outlines, *selection, settings); !chosen) {
    return chosen.error();
  }
  auto gate = gate_of(settings, config, outlines, prepared.chosen);
  if (!gate) return gate.error();
  const run::PlanOptions options{std::move(gate).value(), settings.retry, settings.retry_tags};
  prepared.plan = run::build_plan(prepared.features, prepared.chosen, *prepared.matching,
                                  prepared.ids, options);
  warn_of_empty(prepared.plan);
  return made;
}

void tell_plan(PreparedRun& prepared, const Tell& tell) {
  std::vector<std::vector<std::size_t>> by_feature(prepared.features.size());
  for (const auto& choice : prepared.chosen) by_feature[choice.feature].push_back(choice.pickle);
  for (std::size_t f = 0; f < prepared.features.size(); ++f) {
    // let go as soon as it is told: what reports keep of it takes its place
    const gherkin::FeatureTree feature = std::move(prepared.features[f]);
    tell(feature.source_message());
    tell(feature.document_message());
    // in the order of the file, whatever order they run in
    std::sort(by_feature[f].begin(), by_feature[f].end());
    for (const std::size_t pickle : by_feature[f]) {
      tell(feature.message(feature.pickles()[pickle]));
    }
  }
  for (const auto& message : run::library_messages(prepared.library, prepared.plan, prepared.ids)) {
    tell(message);
  }
  std::vector<gherkin::FeatureTree>().swap(prepared.features);
  std::vector<run::ChosenPickle>().swap(prepared.chosen);
  malloc_trim(0);  // what is given back now is not shared with every worker
}

void tell_cases(PreparedRun& prepared, const Tell& tell, const std::string& run_started_id) {
  for (std::size_t i = 0; i < prepared.plan.cases.size(); ++i) {
    auto message = run::case_message(prepared.plan, i, *prepared.matching);
    message.test_run_started_id = run_started_id;
    tell(message);
  }
}

std::string plan_digest(const run::Plan& plan) {
  std::string keys;
  for (const auto& planned : plan.cases) keys += to_hex(planned.key) + "\n";
  return sha256_hex(keys);
}

}  // namespace muster::app
