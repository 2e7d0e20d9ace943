#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "run/plan_builder.hpp"

namespace muster::run {

/// One of several equal parts of the chosen scenarios.
struct Shard {
  using Environment = std::function<std::optional<std::string>(std::string_view)>;

  std::size_t index = 0;  ///< from 0
  std::size_t total = 1;

  /// Reads `I/N` with 1 <= I <= N. Error `bad_shard`, also for an index without a total.
  static Result<Shard> parse(std::string_view text);

  /// From GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS, else TEST_SHARD_INDEX and TEST_TOTAL_SHARDS
  /// (counted from 0). nullopt when none is set. Error `bad_shard`: one without the other, or no
  /// number in range.
  static Result<std::optional<Shard>> from_environment(const Environment& environment);

  /// Which of `total` parts a job is, from the variables of the engine that runs it:
  /// SLURM_ARRAY_TASK_ID and PARALLEL_SEQ, counted from 1, JOB_COMPLETION_INDEX, from 0. How many
  /// there are stands in MUSTER_SHARDS, or, for a whole Slurm array 1-N, in SLURM_ARRAY_TASK_COUNT.
  /// nullopt when none is set. Error `bad_shard`: two of them, one without a total, or no number in
  /// range.
  static Result<std::optional<Shard>> of_job(const Environment& environment);

  /// `I/N`, from 1.
  std::string text() const;

  /// Keeps this part: every total-th pickle from index on, so that the parts of a folder take about
  /// the same time.
  void keep(std::vector<ChosenPickle>& chosen) const;

  friend bool operator==(const Shard&, const Shard&) = default;
};

}  // namespace muster::run
