#include "app/run_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

#include "app/environment.hpp"
#include "app/prepared_run.hpp"
#include "app/profile_project.hpp"
#include "app/project_folder.hpp"
#include "app/run_arguments.hpp"
#include "app/run_reports.hpp"
#include "app/scratch_directory.hpp"
#include "app/test_environment.hpp"
#include "app/version.hpp"
#include "journal/journal.hpp"
#include "journal/location.hpp"
#include "run/coordinator.hpp"
#include "run/dry_run.hpp"
#include "run/in_process.hpp"
#include "run/nothing_ran.hpp"
#include "run/run_settings.hpp"

namespace muster::app {
namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;
constexpr int kInterrupted = 2;

int fail(const Error& problem) {
  std::cerr << render(problem);
  return kFailure;
}

Result<journal::Journal> begin_journal(const run::Plan& plan, const std::string& project) {
  auto runtime = journal::runtime_directory(environment_variable);
  if (!runtime) return runtime.error();
  journal::RunStart start;
  start.runtime_directory = std::move(runtime).value();
  start.project = project;
  start.version = kVersion;
  start.plan_digest = plan_digest(plan);
  return journal::Journal::begin(std::move(start));
}

unsigned jobs_of(const run::RunSettings& settings) {
  return settings.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
}

run::Outcome play(PreparedRun& prepared, const steps::RunInfo& info,
                  const run::RunSettings& settings, RunReports& reports) {
  run::Surroundings around;
  around.emit = [&](const messages::Envelope& envelope) { reports.on(envelope); };
  around.observe = [&](const std::string& line) { reports.observe(line); };
  around.started = [&](const std::string& id) { tell_cases(prepared, reports, id); };
  around.next_id = [&] { return prepared.ids.next(); };
  around.quiet = [&] { reports.flush(); };

  tell_plan(prepared, reports);
  if (settings.dry_run) return run::dry_run(prepared.plan, prepared.library, around);
  const run::RunOptions options{jobs_of(settings), settings.timeouts, settings.fail_fast,
                                settings.shard.has_value()};
  return options.jobs == 0
             ? run::run_in_process(prepared.plan, *prepared.matching, info, options, around)
             : run::coordinate(prepared.plan, *prepared.matching, info, options, around);
}

/// Words for people, and the end of the journal; the exit code.
int conclude(const run::Outcome& outcome, const run::Plan& plan, RunReports& reports,
             journal::Journal& journal) {
  bool passed = outcome.passed;
  if (auto finished = reports.finish(); !finished) {
    std::cerr << render(finished.error());
    passed = false;
  }
  journal::RunEnd end;
  end.exit_code = outcome.interrupted ? kInterrupted : passed ? kSuccess : kFailure;
  end.verdict = outcome.interrupted ? "interrupted" : passed ? "passed" : "failed";
  end.scenarios = reports.scenarios();
  end.steps = reports.steps();
  if (auto closed = journal.finish(end); !closed) {
    std::cerr << render(closed.error());
    end.exit_code = kFailure;
  }
  // a shard or a dry run, which may be empty
  const std::string words = outcome.problem.empty() ? run::nothing_ran(plan) : outcome.problem;
  if (!words.empty()) std::cerr << "muster: " << words << '\n';
  std::cerr << reports.tally().text() << end.verdict << ": " << journal.path() << '\n';
  return end.exit_code;
}

/// How scenarios are run again: of the same project, at the same tier.
std::string again_command(const RunArguments& arguments, const run::RunSettings& settings) {
  std::string words = arguments.program + " run";
  if (!arguments.project.empty()) words += " --project " + arguments.project;
  if (settings.tier.name() != "0") words += " --tier " + settings.tier.name();
  return words;
}

int run_command(const RunArguments& arguments, const CLI::App& command) {
  // a file that may grow no more is an error of writing, not the end of the run
  std::signal(SIGXFSZ, SIG_IGN);
  const auto config = load_config(arguments.config, arguments.overrides(command));
  if (!config) return kFailure;
  auto settings = run::read_run_settings(*config);
  if (!settings) return fail(settings.error());
  if (auto applied = apply_test_environment(*settings); !applied) return fail(applied.error());
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
  auto made = prepare_run(*settings, *under_test->config, *project, **reports);
  if (!made) {
    (void)(*reports)->finish();
    return fail(made.error());
  }
  // never destroyed: the process ends, and a large plan takes long to take apart
  static PreparedRun* const prepared = made->release();
  auto journal = begin_journal(prepared->plan, *project);
  if (!journal) return fail(journal.error());
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
  info.taps = settings->taps;
  const auto outcome = play(*prepared, info, *settings, **reports);
  return conclude(outcome, prepared->plan, **reports, *journal);
}

}  // namespace

Execute add_run_command(CLI::App& app, const std::string& program) {
  auto arguments = std::make_shared<RunArguments>();
  arguments->program = program;
  auto* command = app.add_subcommand("run", "Runs scenarios");
  declare_run_options(*command, *arguments);
  command->footer(
      "Each option is also a key of [run] in muster.toml, and MUSTER_RUN_… in the environment.\n"
      "Example: muster run features/lifecycle:9 --format message:run.ndjson --format pretty");
  return [arguments, command] { return run_command(*arguments, *command); };
}

}  // namespace muster::app
