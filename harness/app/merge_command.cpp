#include "app/merge_command.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/project_folder.hpp"
#include "app/run_journal.hpp"
#include "app/run_reports.hpp"
#include "base/text.hpp"
#include "shard/findings.hpp"
#include "shard/merge.hpp"
#include "shard/plan_file.hpp"

namespace muster::app {
namespace {

struct MergeArguments {
  std::string program;
  std::string plan;
  std::string folder;
  std::vector<std::string> formats;
  std::string color = "auto";
  std::string project;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

int merge_command(const MergeArguments& arguments) {
  std::signal(SIGXFSZ, SIG_IGN);
  const auto plan = shard::read_plan(arguments.plan);
  if (!plan) return fail(plan.error());
  const shard::PlanIndex index(*plan);
  auto findings = shard::find_attempts(arguments.folder, index);
  if (!findings) return fail(findings.error());
  auto reports = RunReports::open(arguments.formats, arguments.color, arguments.program + " run");
  if (!reports) return fail(reports.error());
  const auto project = project_folder(arguments.project);
  if (!project) return fail(project.error());
  auto journal = begin_journal(*project, plan->digest);
  if (!journal) return fail(journal.error());
  (*reports)->record_in(*journal);
  const auto verdict = shard::merge(
      index, *findings, [&](const messages::Envelope& envelope) { (*reports)->on(envelope); });
  if (!verdict) return fail(verdict.error());
  for (const auto& note : findings->notes) {
    std::cerr << "muster: note: " << printable(note) << '\n';
  }
  for (const auto& problem : findings->problems) {
    std::cerr << printable(shard::to_string(problem)) << '\n';
  }
  const bool told = !findings->problems.empty();
  return conclude_run(**reports, *journal, verdict->passed, false,
                      told ? std::string() : verdict->problem);
}

}  // namespace

Execute add_merge_command(CLI::App& app, const std::string& program) {
  auto arguments = std::make_shared<MergeArguments>();
  arguments->program = program;
  auto* command = app.add_subcommand(
      "merge", "Gives the verdict over all shards of a plan, and the reports of the whole run");
  command->add_option("PLAN", arguments->plan, "What muster plan wrote")->required();
  command->add_option("DIR", arguments->folder, "Where the shards left their files")->required();
  command
      ->add_option("-f,--format", arguments->formats,
                   "reports as NAME[:FILE]; without one to stdout, pretty is")
      ->allow_extra_args(false);
  command->add_option("--color", arguments->color, "colour: auto, always or never");
  command->add_option("--project", arguments->project,
                      "Folder of the project, in whose runs the merged one is recorded");
  command->footer(
      "Red, with exit code 1, unless every planned scenario has exactly one result and all are "
      "green.\nNames what is wrong with the shards: LOST_SHARD(I), TRUNCATED, DIGEST_MISMATCH, "
      "DUPLICATE,\nUNPLANNED, EMPTY.\n"
      "Example: muster merge plan.ndjson shards --format junit:junit.xml --format pretty");
  return [arguments] { return merge_command(*arguments); };
}

}  // namespace muster::app
