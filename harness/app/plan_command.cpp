#include "app/plan_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/plan_content.hpp"
#include "app/prepared_run.hpp"
#include "app/profile_project.hpp"
#include "app/project_folder.hpp"
#include "app/run_arguments.hpp"
#include "run/run_settings.hpp"
#include "shard/balance.hpp"
#include "shard/files.hpp"
#include "shard/plan_file.hpp"
#include "shard/timings.hpp"

namespace muster::app {
namespace {

struct PlanArguments {
  RunArguments run;
  std::size_t shards = 0;
  std::string timings;
  std::string output;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

/// The cases with their shards; how many of them have a time of their own.
std::size_t deal(const PreparedRun& prepared, const shard::Timings& timings,
                 shard::PlanFile& plan) {
  shard::Occurrences occurrences;
  std::vector<shard::Weight> weights;
  std::size_t known = 0;
  const std::int64_t mean = timings.mean_ms();
  for (const auto& it : prepared.plan.cases) {
    const auto& scenario = it.info.scenario;
    const auto ms =
        timings.ms(scenario.uri, scenario.name, occurrences.next(scenario.uri, scenario.name));
    known += ms ? 1 : 0;
    weights.push_back({ms.value_or(mean), it.locks});
    plan.cases.push_back({to_hex(it.key), prepared.plan.ids.text(it.pickle_id), scenario.uri,
                          scenario.line, scenario.name, it.locks, weights.back().ms, 0});
  }
  const auto chosen = shard::balance(weights, plan.shards);
  for (std::size_t i = 0; i < chosen.size(); ++i) plan.cases[i].shard = chosen[i];
  return known;
}

/// Keeps messages for the merge.
Tell keeper(shard::PlanFile& plan) {
  return [&plan](const messages::Envelope& envelope) {
    std::string line = messages::to_ndjson(envelope);
    line.pop_back();
    plan.messages.push_back(std::move(line));
  };
}

/// What stands before the scenarios in the messages of every run of this plan.
void tell(PreparedRun& prepared, shard::PlanFile& plan) {
  const Tell keep = keeper(plan);
  tell_plan(prepared, keep);
  plan.next_id = prepared.ids.next_number();
  const Tell keep_case = [&](const messages::Envelope& envelope) {
    auto test_case = std::get<messages::TestCase>(envelope);
    test_case.test_run_started_id.reset();  // of no run yet
    keep(test_case);
  };
  tell_cases(prepared, keep_case, {});
}

void say(const shard::PlanFile& plan, std::size_t known, const PlanArguments& arguments) {
  std::cerr << fmt::format("muster: {} scenarios in {} shards; ", plan.cases.size(), plan.shards);
  if (arguments.timings.empty()) {
    std::cerr << "without --timings each counts the same\n";
  } else {
    std::cerr << fmt::format("{} of {} times are known from {}\n", known, plan.cases.size(),
                             arguments.timings);
  }
  for (std::size_t i = 0; i < plan.shards; ++i) {
    std::cerr << fmt::format("  shard {}/{}: {} scenarios, {:.1f} s\n", i + 1, plan.shards,
                             plan.cases_of(i), static_cast<double>(plan.ms_of(i)) / 1000.0);
  }
}

int plan_command(const PlanArguments& arguments, const CLI::App& command) {
  const auto config = load_config(arguments.run.config, arguments.run.overrides(command));
  if (!config) return 1;
  auto settings = run::read_run_settings(*config);
  if (!settings) return fail(settings.error());
  settings->shard.reset();
  auto timings = arguments.timings.empty() ? Result<shard::Timings>(shard::Timings())
                                           : shard::Timings::read(arguments.timings);
  if (!timings) return fail(timings.error());
  const auto project = project_folder(arguments.run.project);
  if (!project) return fail(project.error());
  const auto under_test = project_under_test(arguments.run.project);
  if (!under_test) return fail(under_test.error());

  shard::PlanFile plan;
  plan.shards = arguments.shards;
  auto made = prepare_run(*settings, *under_test->config, *project, keeper(plan));
  if (!made) return fail(made.error());
  PreparedRun& prepared = **made;
  plan.content = content_of(prepared, *settings);
  plan.selection = selection_of(prepared, *settings);
  const std::size_t known = deal(prepared, *timings, plan);
  tell(prepared, plan);
  const std::string text = shard::to_text(plan);
  if (const auto written = shard::write_whole(arguments.output, text); !written)
    return fail(written.error());
  say(plan, known, arguments);
  return 0;
}

}  // namespace

Execute add_plan_command(CLI::App& app, const std::string& program) {
  auto arguments = std::make_shared<PlanArguments>();
  arguments->run.program = program;
  auto* command =
      app.add_subcommand("plan", "Deals scenarios to the shards of a run on several machines");
  declare_run_options(*command, arguments->run, is_option_of_plans);
  command->add_option("--shards", arguments->shards, "How many shards to deal to")
      ->required()
      ->check(CLI::Range(1, 10'000));
  command->add_option("--timings", arguments->timings,
                      "Messages of an earlier run or merge (--format message:FILE): the longest "
                      "scenarios are dealt first; without it each counts the same");
  command->add_option("-o,--output", arguments->output, "The plan, for run --plan and merge")
      ->required();
  command->footer(
      "Scenarios with a @lock(name) in common go to the same shard. The options say what is run in "
      "which way; the runs of the shards take them from the plan.\n"
      "Example: muster plan features --shards 3 --timings last.ndjson -o plan.ndjson");
  return [arguments, command] { return plan_command(*arguments, *command); };
}

}  // namespace muster::app
