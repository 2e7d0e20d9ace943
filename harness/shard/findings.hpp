#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "shard/attempt.hpp"
#include "shard/problem.hpp"

namespace muster::shard {

/// What stands in an output directory, judged by the plan.
struct Findings {
  /// By shard (from 0): its one complete attempt; nullopt: it is lost.
  std::vector<std::optional<Attempt>> attempts;
  std::vector<Problem> problems;   ///< damage first, then what is lost
  std::vector<std::string> notes;  ///< worth saying, and no reason to be red
};

/// Reads every file of a shard in `folder` and the folders below it (where a CI system keeps the
/// artifacts of each job in a folder of its own). A part that was cut off is a note when another
/// attempt completes its shard; every file that is damaged, doubled or foreign is a problem,
/// whatever else is there. Error: that of listing the folder or of reading a file.
Result<Findings> find_attempts(const std::string& folder, const PlanIndex& index);

}  // namespace muster::shard
