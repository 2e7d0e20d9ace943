#include "app/prepared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "app/chosen_scenarios.hpp"
#include "app/environment.hpp"
#include "app/meta.hpp"
#include "app/run_gates.hpp"
#include "app/step_library.hpp"
#include "base/digest.hpp"
#include "journal/location.hpp"
#include "run/feature_files.hpp"
#include "run/plan_messages.hpp"
#include "run/rerun_list.hpp"
#include "run/selection.hpp"

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

Result<void> load(PreparedRun& prepared, const std::vector<std::string>& files,
                  RunReports& reports) {
  auto loaded = run::load_features(files, prepared.ids);
  if (!loaded) return loaded.error();
  reports.on(meta());
  prepared.features = std::move(loaded->features);
  if (loaded->errors.empty()) return {};
  for (const auto& feature : prepared.features) reports.on(feature.source);
  for (const auto& problem : loaded->errors) {
    reports.on(problem);
    std::cerr << render(run::to_diagnostic(problem));
  }
  return error("parse_failed",
               fmt::format("{} parse errors, nothing was run", loaded->errors.size()));
}

Result<void> choose(PreparedRun& prepared, const run::Selection& selection,
                    const run::RunSettings& settings) {
  const run::Filter filter{settings.tags, run::NameFilter(settings.names)};
  auto chosen = run::choose_pickles(prepared.features, selection, filter);
  if (!chosen) {
    Error none = chosen.error();
    const std::string hint = unknown_tag(settings.tags, prepared.features);
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

Result<PreparedRun> prepare_run(const run::RunSettings& settings, const config::Config& config,
                                const std::string& project, RunReports& reports) {
  auto library = compile_library_for_run(settings.allow_no_steps);
  if (!library) return library.error();
  const auto paths = wanted_paths(settings, project);
  if (!paths) return paths.error();
  const auto selection = run::select_files(*paths);
  if (!selection) return selection.error();

  PreparedRun prepared{std::move(library).value(), {}, {}, {}, {}};
  if (auto loaded = load(prepared, selection->files, reports); !loaded) return loaded.error();
  if (auto chosen = choose(prepared, *selection, settings); !chosen) return chosen.error();
  auto gate = gate_of(settings, config, prepared.features, prepared.chosen);
  if (!gate) return gate.error();
  const run::PlanOptions options{std::move(gate).value(), settings.retry, settings.retry_tags,
                                 settings.keyword_bound};
  prepared.plan =
      run::build_plan(prepared.features, prepared.chosen, prepared.library, prepared.ids, options);
  return prepared;
}

void tell_plan(PreparedRun& prepared, RunReports& reports) {
  std::vector<std::vector<std::size_t>> by_feature(prepared.features.size());
  for (const auto& choice : prepared.chosen) by_feature[choice.feature].push_back(choice.pickle);
  for (std::size_t f = 0; f < prepared.features.size(); ++f) {
    const auto& feature = prepared.features[f];
    reports.on(feature.source);
    reports.on(feature.document);
    // in the order of the file, whatever order they run in
    std::sort(by_feature[f].begin(), by_feature[f].end());
    for (const std::size_t pickle : by_feature[f]) reports.on(feature.pickles[pickle]);
  }
  for (const auto& message : run::library_messages(prepared.library, prepared.plan, prepared.ids)) {
    reports.on(message);
  }
}

void tell_cases(PreparedRun& prepared, RunReports& reports, const std::string& run_started_id) {
  for (std::size_t i = 0; i < prepared.plan.cases.size(); ++i) {
    const auto& choice = prepared.chosen[i];
    auto message = run::case_message(prepared.plan, i,
                                     prepared.features[choice.feature].pickles[choice.pickle]);
    message.test_run_started_id = run_started_id;
    reports.on(message);
  }
}

std::string plan_digest(const run::Plan& plan) {
  std::string keys;
  for (const auto& planned : plan.cases) keys += planned.key + "\n";
  return sha256_hex(keys);
}

std::string all_closed(const run::Plan& plan) {
  std::set<std::string> reasons;
  for (const auto& planned : plan.cases) {
    if (!planned.closed) return {};
    reasons.insert(planned.closed->reason);
  }
  if (plan.cases.empty()) return {};
  return fmt::format(
      "nothing ran, this proves nothing: {} of {} scenarios are closed to this run: {}",
      plan.cases.size(), plan.cases.size(), fmt::join(reasons, "; "));
}

}  // namespace muster::app
