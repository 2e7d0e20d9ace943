#include "app/planned_run.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "app/environment.hpp"
#include "app/plan_content.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"

namespace muster::app {

Result<PlannedRun> PlannedRun::open(const std::string& plan, const std::string& folder) {
  if (folder.empty())
    return error("output_dir", "--plan is given without --output-dir",
                 "the shards of a plan leave their files there, for muster merge");
  auto read = shard::read_plan(plan);
  if (!read) return read.error();
  return PlannedRun(std::move(*read), folder);
}

void PlannedRun::complete(std::vector<config::Override>& given) const {
  for (const auto& [key, values] : plan_.selection) {
    const bool said = std::any_of(given.begin(), given.end(),
                                  [&, &name = key](const auto& it) { return it.key == name; });
    if (!said && !values.empty()) given.push_back({key, values, "--plan"});
  }
}

Result<void> PlannedRun::take_shard(run::RunSettings& settings) {
  if (settings.dry_run)
    return error("dry_run", "--dry-run runs nothing, so there is nothing to keep of a shard");
  auto shard = std::exchange(settings.shard, std::nullopt);
  if (!shard) {
    auto of_job = run::Shard::of_job(environment_variable);
    if (!of_job) return of_job.error();
    shard = *of_job;
  }
  if (!shard)
    return error("no_shard", "--plan is given without a shard",
                 "say --shard I/N, or run it where SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or "
                 "PARALLEL_SEQ is set");
  if (shard->total != plan_.shards)
    return error("bad_shard",
                 fmt::format("the plan has {} shards, not {}", plan_.shards, shard->total));
  shard_ = *shard;
  return shard::AttemptFile::may_begin(folder_, shard_.index + 1);
}

Result<void> PlannedRun::choose(PreparedRun& prepared, const run::RunSettings& settings) const {
  const std::string other = shard::difference(plan_.content, content_of(prepared, settings));
  if (!other.empty())
    return shard::as_error({shard::Fault::digest_mismatch, other, 0},
                           "run what was planned, or plan again and run every shard again");
  std::vector<run::PlannedCase> cases;
  std::vector<run::ChosenPickle> chosen;
  for (std::size_t i = 0; i < plan_.cases.size() && i < prepared.plan.cases.size(); ++i) {
    if (plan_.cases[i].shard != shard_.index) continue;
    cases.push_back(std::move(prepared.plan.cases[i]));
    chosen.push_back(prepared.chosen[i]);
  }
  prepared.plan.cases = std::move(cases);
  prepared.chosen = std::move(chosen);
  if (prepared.chosen.empty()) {
    std::cerr << "muster: shard " << shard_.text() << " has no scenario\n";
  }
  return {};
}

Result<void> PlannedRun::begin(const std::string& run_id) {
  shard::AttemptStart start;
  start.folder = folder_;
  start.plan = plan_.digest;
  start.shard = shard_.index + 1;
  start.shards = shard_.total;
  start.cases = plan_.cases_of(shard_.index);
  start.version = kVersion;
  start.run_id = run_id;
  utsname system{};
  uname(&system);
  start.host = system.nodename;
  start.started_at = to_rfc3339(system_clock().wall());
  auto begun = shard::AttemptFile::begin(start);
  if (!begun) return begun.error();
  attempt_.emplace(std::move(*begun));
  return {};
}

bool PlannedRun::finish(const run::Outcome& outcome) {
  const auto whole = attempt_->finish(outcome.interrupted);
  if (!whole) {
    std::cerr << render(whole.error());
    return false;
  }
  std::cerr << fmt::format("muster: shard {}, attempt {}: ", shard_.text(), attempt_->attempt());
  if (*whole) {
    std::cerr << attempt_->path() << '\n';
  } else {
    std::cerr << fmt::format(
        "{} of {} scenarios have a result; it counts as lost until another "
        "attempt completes it\n",
        attempt_->done(), plan_.cases_of(shard_.index));
  }
  return true;
}

}  // namespace muster::app
