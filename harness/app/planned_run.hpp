#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/prepared_run.hpp"
#include "base/result.hpp"
#include "config/load.hpp"
#include "messages/messages.hpp"
#include "run/coordinator.hpp"
#include "run/run_settings.hpp"
#include "run/shard.hpp"
#include "shard/attempt_file.hpp"
#include "shard/plan_file.hpp"

namespace muster::app {

/// One shard of a plan, as `muster run --plan PLAN --shard I/N --output-dir DIR` runs it.
class PlannedRun {
 public:
  /// Reads the plan. Errors: those of shard::read_plan; `output_dir` when no folder is given.
  static Result<PlannedRun> open(const std::string& plan, const std::string& folder);

  /// Adds what the plan says of options that the command line does not give.
  void complete(std::vector<config::Override>& given) const;

  /// Takes the shard out of the settings, else out of the variables of the engine that runs this
  /// job (run::Shard::of_job). Errors: `bad_shard`, `no_shard`, `dry_run`, `attempt_whole`.
  Result<void> take_shard(run::RunSettings& settings);

  /// Refuses what is not as it was planned (`DIGEST_MISMATCH`, with what is different) and leaves
  /// this shard's scenarios alone.
  Result<void> choose(PreparedRun& prepared, const run::RunSettings& settings) const;

  /// From now on messages are kept. Errors: those of AttemptFile::begin.
  Result<void> begin(const std::string& run_id);
  void take(const messages::Envelope& envelope, std::string_view line) {
    attempt_->take(envelope, line);
  }
  void flush() { attempt_->flush(); }

  /// Ends the attempt and says what has become of it; false when it could not be written.
  bool finish(const run::Outcome& outcome);

 private:
  PlannedRun(shard::PlanFile plan, std::string folder)
      : plan_(std::move(plan)), folder_(std::move(folder)) {}

  shard::PlanFile plan_;
  std::string folder_;
  run::Shard shard_;
  std::optional<shard::AttemptFile> attempt_;
};

}  // namespace muster::app
