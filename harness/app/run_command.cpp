#include "app/run_command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "app/meta.hpp"
#include "app/profile_project.hpp"
#include "app/project_folder.hpp"
#include "app/run_arguments.hpp"
#include "app/run_gates.hpp"
#include "app/run_reports.hpp"
#include "app/scratch_directory.hpp"
#include "app/step_library.hpp"
#include "app/version.hpp"
#include "base/digest.hpp"
#include "expressions/tag_expression.hpp"
#include "journal/journal.hpp"
#include "journal/location.hpp"
#include "run/coordinator.hpp"
#include "run/feature_files.hpp"
#include "run/in_process.hpp"
#include "run/plan_builder.hpp"
#include "run/plan_messages.hpp"
#include "run/selection.hpp"
#include "steps/library.hpp"

namespace muster::app {
namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;
constexpr int kInterrupted = 2;

int fail(const Error& problem) {
  std::cerr << render(problem);
  return kFailure;
}

/// Everything that is known before anything is started.
struct Prepared {
  steps::Library library;
  std::vector<run::LoadedFeature> features;
  std::vector<run::ChosenPickle> chosen;
  run::Plan plan;
  IncrementalIds ids;
};

Result<Prepared> prepare(const RunArguments& arguments, const config::Config& config,
                         RunReports& reports) {
  auto library = compile_library_for_run(arguments.allow_no_steps);
  if (!library) return library.error();
  auto tags = expressions::TagExpression::parse(arguments.tags);
  if (!tags) return tags.error();
  const auto selection = run::select_files(
      arguments.paths.empty() ? std::vector<std::string>{"features"} : arguments.paths);
  if (!selection) return selection.error();

  Prepared prepared{std::move(library).value(), {}, {}, {}, {}};
  auto loaded = run::load_features(selection->files, prepared.ids);
  if (!loaded) return loaded.error();
  reports.on(meta());
  if (!loaded->errors.empty()) {
    for (const auto& feature : loaded->features) reports.on(feature.source);
    for (const auto& problem : loaded->errors) {
      reports.on(problem);
      std::cerr << render(run::to_diagnostic(problem));
    }
    return error("parse_failed",
                 fmt::format("{} parse errors, nothing was run", loaded->errors.size()));
  }
  prepared.features = std::move(loaded->features);
  auto chosen = run::choose_pickles(prepared.features, *selection, *tags);
  if (!chosen) return chosen.error();
  prepared.chosen = std::move(chosen).value();
  const auto gate = gate_of(arguments, config, prepared.features, prepared.chosen);
  if (!gate) return gate.error();
  prepared.plan =
      run::build_plan(prepared.features, prepared.chosen, prepared.library, prepared.ids, *gate);
  return prepared;
}

/// The messages that stand before the run: sources, documents, pickles, the library.
void tell_plan(Prepared& prepared, RunReports& reports) {
  for (std::size_t f = 0; f < prepared.features.size(); ++f) {
    const auto& feature = prepared.features[f];
    reports.on(feature.source);
    reports.on(feature.document);
    for (const auto& choice : prepared.chosen) {
      if (choice.feature == f) reports.on(feature.pickles[choice.pickle]);
    }
  }
  for (const auto& message : run::library_messages(prepared.library, prepared.plan, prepared.ids)) {
    reports.on(message);
  }
}

void tell_cases(Prepared& prepared, RunReports& reports, const std::string& run_started_id) {
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

Result<journal::Journal> begin_journal(const run::Plan& plan, const std::string& project) {
  auto runtime =
      journal::runtime_directory([](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      });
  if (!runtime) return runtime.error();
  journal::RunStart start;
  start.runtime_directory = std::move(runtime).value();
  start.project = project;
  start.version = kVersion;
  start.plan_digest = plan_digest(plan);
  return journal::Journal::begin(std::move(start));
}

/// What is said of a run in which no scenario ran because gates closed them all; empty for others.
std::string all_closed(const run::Plan& plan) {
  std::set<std::string> reasons;
  for (const auto& planned : plan.cases) {
    if (!planned.closed) return {};
    reasons.insert(planned.closed->reason);
  }
  return fmt::format(
      "nothing ran, this proves nothing: {} of {} scenarios are closed to this run: {}",
      plan.cases.size(), plan.cases.size(), fmt::join(reasons, "; "));
}

unsigned jobs_of(const RunArguments& arguments) {
  if (arguments.jobs > 0) return static_cast<unsigned>(arguments.jobs);
  return std::max(1U, std::thread::hardware_concurrency());
}

int run_command(const RunArguments& arguments) {
  auto reports = RunReports::open(arguments.formats, arguments.color, arguments.program + " run");
  if (!reports) return fail(reports.error());
  const auto project = project_folder(arguments.project);
  if (!project) return fail(project.error());
  const auto under_test = project_under_test(arguments.project);
  if (!under_test) return fail(under_test.error());
  auto prepared = prepare(arguments, *under_test->config, **reports);
  if (!prepared) {
    (void)(*reports)->finish();
    return fail(prepared.error());
  }
  auto journal = begin_journal(prepared->plan, *project);
  if (!journal) return fail(journal.error());
  auto scratch = ScratchDirectory::make();
  if (!scratch) return fail(scratch.error());
  (*reports)->record_in(*journal);
  tell_plan(*prepared, **reports);

  steps::RunInfo info;
  info.run_id = journal->run_id();
  info.logs = journal->path() + "/logs";
  info.scratch = scratch->path();
  info.program = arguments.program;
  info.project = under_test->folder;
  info.settings = under_test->config;
  info.taps = !arguments.no_taps;

  std::vector<std::string> started_ids;
  run::Surroundings around;
  around.emit = [&](const messages::Envelope& envelope) { (*reports)->on(envelope); };
  around.observe = [&](const std::string& line) { (*reports)->observe(line); };
  around.started = [&](const std::string& id) {
    tell_cases(*prepared, **reports, id);
    for (std::size_t i = 0; i < prepared->plan.cases.size(); ++i) {
      started_ids.push_back(prepared->ids.next());
    }
  };
  around.next_id = [&] { return prepared->ids.next(); };
  around.started_id = [&](std::size_t index) { return started_ids.at(index); };

  const auto outcome =
      arguments.jobs == 0
          ? run::run_in_process(prepared->plan, prepared->library, info, around)
          : run::coordinate(prepared->plan, prepared->library, info, {jobs_of(arguments)}, around);
  bool passed = outcome.passed;
  if (auto finished = (*reports)->finish(); !finished) {
    std::cerr << render(finished.error());
    passed = false;
  }
  journal::RunEnd end;
  end.exit_code = outcome.interrupted ? kInterrupted : passed ? kSuccess : kFailure;
  end.verdict = outcome.interrupted ? "interrupted" : passed ? "passed" : "failed";
  end.scenarios = (*reports)->scenarios();
  end.steps = (*reports)->steps();
  if (auto closed = journal->finish(end); !closed) {
    std::cerr << render(closed.error());
    end.exit_code = kFailure;
  }
  if (const auto words = all_closed(prepared->plan); !words.empty()) {
    std::cerr << "muster: " << words << '\n';
  }
  if (!outcome.problem.empty()) std::cerr << "muster: " << outcome.problem << '\n';
  std::cerr << (*reports)->tally().text()
            << (passed                ? "passed"
                : outcome.interrupted ? "interrupted"
                                      : "failed")
            << ": " << journal->path() << '\n';
  return end.exit_code;
}

}  // namespace

Execute add_run_command(CLI::App& app, const std::string& program) {
  auto shared = std::make_shared<RunArguments>();
  auto& arguments = *shared;
  arguments.program = program;
  auto* command = app.add_subcommand("run", "Runs scenarios");
  declare_run_options(*command, arguments);
  command->footer(
      "Example: muster run features/lifecycle:9 --format message:run.ndjson --format pretty");
  return [shared] { return run_command(*shared); };
}

}  // namespace muster::app
