#include "app/run_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

#include "app/live_progress.hpp"
#include "app/planned_run.hpp"
#include "app/prepared_run.hpp"
#include "app/profile_project.hpp"
#include "app/project_folder.hpp"
#include "app/run_arguments.hpp"
#include "app/run_journal.hpp"
#include "app/run_reports.hpp"
#include "app/scratch_directory.hpp"
#include "app/test_environment.hpp"
#include "journal/journal.hpp"
#include "run/coordinator.hpp"
#include "run/dry_run.hpp"
#include "run/in_process.hpp"
#include "run/nothing_ran.hpp"
#include "run/run_settings.hpp"

namespace muster::app {
namespace {

constexpr int kFailure = 1;

int fail(const Error& problem) {
  std::cerr << render(problem);
  return kFailure;
}

unsigned jobs_of(const run::RunSettings& settings) {
  return settings.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
}

run::Outcome play(PreparedRun& prepared, const steps::RunInfo& info,
                  const run::RunSettings& settings, RunReports& reports, PlannedRun* planned) {
  LiveProgress progress(prepared.plan, settings);
  const Tell tell = [&](const messages::Envelope& envelope) {
    progress.hide();
    reports.on(envelope);
    if (planned != nullptr) planned->take(envelope, reports.line());
  };
  run::Surroundings around;
  around.onlooker = &progress;
  around.emit = tell;
  around.observe = [&](const std::string& line) { reports.observe(line); };
  around.started = [&](const std::string& id) { tell_cases(prepared, tell, id); };
  around.next_id = [&] { return prepared.ids.next(); };
  around.quiet = [&] {
    progress.hide();
    reports.flush();
    if (planned != nullptr) planned->flush();
  };

  tell_plan(prepared, tell);
  if (settings.dry_run) return run::dry_run(prepared.plan, prepared.library, around);
  const run::RunOptions options{jobs_of(settings), settings.timeouts, settings.fail_fast,
                                settings.shard.has_value() || planned != nullptr};
  return options.jobs == 0
             ? run::run_in_process(prepared.plan, *prepared.matching, info, options, around)
             : run::coordinate(prepared.plan, *prepared.matching, info, options, around);
}

/// How scenarios are run again: of the same project, at the same tier.
std::string again_command(const RunArguments& arguments, const run::RunSettings& settings) {
  std::string words = arguments.program + " run";
  if (!arguments.project.empty()) words += " --project " + arguments.project;
  if (settings.tier.name() != "0") words += " --tier " + settings.tier.name();
  return words;
}

/// The shard of a plan that is to be run; null: a run without one.
Result<std::unique_ptr<PlannedRun>> planned_run(const RunArguments& arguments) {
  if (arguments.plan.empty()) {
    if (arguments.output_dir.empty()) return std::unique_ptr<PlannedRun>();
    return error("no_plan", "--output-dir is given without --plan");
  }
  auto opened = PlannedRun::open(arguments.plan, arguments.output_dir);
  if (!opened) return opened.error();
  return std::make_unique<PlannedRun>(std::move(*opened));
}

int run_command(const RunArguments& arguments, const CLI::App& command) {
  // a file that may grow no more is an error of writing, not the end of the run
  std::signal(SIGXFSZ, SIG_IGN);
  auto planned = planned_run(arguments);
  if (!planned) return fail(planned.error());
  auto overrides = arguments.overrides(command);
  if (*planned) (*planned)->complete(overrides);
  const auto config = load_config(arguments.config, std::move(overrides));
  if (!config) return kFailure;
  auto settings = run::read_run_settings(*config);
  if (!settings) return fail(settings.error());
  if (auto applied = apply_test_environment(*settings); !applied) return fail(applied.error());
  if (*planned) {
    if (auto taken = (*planned)->take_shard(*settings); !taken) return fail(taken.error());
  }
  auto reports =
      RunReports::open(settings->formats, settings->color, again_command(arguments, *settings));
  if (!reports) return fail(reports.error());
  const PrematureExitFile premature;
  const auto project = project_folder(arguments.project);
  if (!project) return fail(project.error());
  const auto under_test = project_under_test(arguments.project);
  if (!under_test) return fail(under_test.error());
  if (settings->order.kind() == run::Order::Kind::random) {
    std::cerr << "muster: order " << settings->order.text() << '\n';
  }
  auto made = prepare_run(*settings, *under_test->config, *project,
                          [&](const messages::Envelope& envelope) { (*reports)->on(envelope); });
  Result<void> chosen;
  if (made && *planned) chosen = (*planned)->choose(**made, *settings);
  if (!made || !chosen) {
    (void)(*reports)->finish();
    return fail(made ? chosen.error() : made.error());
  }
  // never destroyed: the process ends, and a large plan takes long to take apart
  static PreparedRun* const prepared = made->release();
  auto journal = begin_journal(*project, plan_digest(prepared->plan));
  if (!journal) return fail(journal.error());
  if (*planned) {
    if (auto begun = (*planned)->begin(journal->run_id()); !begun) return fail(begun.error());
  }
  auto scratch = ScratchDirectory::make();
  if (!scratch) return fail(scratch.error());
  (*reports)->record_in(*journal);

  steps::RunInfo info;
  info.run_id = journal->run_id();
  info.logs = journal->path() + "/logs";
  info.scratch = scratch->path();
  info.program = arguments.program;
  info.project = under_test->folder;
  info.settings = under_test->config;
  info.of_run = std::make_shared<const config::Config>(*config);
  info.taps = settings->taps;
  info.last_output = settings->output != "never";
  const auto outcome = play(*prepared, info, *settings, **reports, planned->get());
  const bool kept = !*planned || (*planned)->finish(outcome);
  // a shard or a dry run, which may be empty
  const std::string words =
      outcome.problem.empty() ? run::nothing_ran(prepared->plan) : outcome.problem;
  return conclude_run(**reports, *journal, outcome.passed && kept, outcome.interrupted, words);
}

}  // namespace

Execute add_run_command(CLI::App& app, const std::string& program) {
  auto arguments = std::make_shared<RunArguments>();
  arguments->program = program;
  auto* command = app.add_subcommand("run", "Runs scenarios");
  declare_run_options(*command, *arguments);
  command->add_option("--plan", arguments->plan,
                      "Runs one shard of this plan, as muster plan chose it; which one, --shard or "
                      "the variables of Slurm, Kubernetes or GNU parallel say");
  command->add_option("--output-dir", arguments->output_dir,
                      "With --plan: where the file of the shard's attempt is left");
  command->footer(
      "Each option is also a key of [run] in muster.toml, and MUSTER_RUN_… in the environment.\n"
      "Example: muster run features/lifecycle:9 --format message:run.ndjson --format pretty");
  return [arguments, command] { return run_command(*arguments, *command); };
}

}  // namespace muster::app
