#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "expressions/tag_expression.hpp"
#include "gherkin/limits.hpp"
#include "run/defaults.hpp"
#include "run/order.hpp"
#include "run/shard.hpp"
#include "run/tier.hpp"

namespace muster::run {

/// The keys of `[run]`, read and checked.
struct RunSettings {
  std::vector<std::string> paths;
  expressions::TagExpression tags;
  std::vector<std::string> names;
  std::string rerun;  ///< file of a rerun report; empty: none
  bool last_failed = false;
  std::optional<Shard> shard;
  Tier tier = Tier::of({});
  bool strict_capabilities = false;
  bool keyword_bound = false;
  Order order;
  std::optional<unsigned> jobs;  ///< 0: in this process; unset: one per core
  bool dry_run = false;
  bool fail_fast = false;
  unsigned retry = 0;
  expressions::TagExpression retry_tags;
  Timeouts timeouts;
  gherkin::Limits limits;
  std::vector<std::string> formats;
  std::string color;
  bool allow_no_steps = false;
  std::string show_progress = "auto";  ///< or `block`, `line`, `none`
  std::chrono::milliseconds progress_interval{10'000};
  std::string output = "final";  ///< of programs; or `immediate`, `never`
  std::chrono::milliseconds slow_step{10'000}, slow_scenario{60'000};  ///< 0: never told
  bool taps = true;
};

/// Reads them. Errors stand at the place where the value came from: those of the configuration, of
/// tag expressions, `bad_tier`, `bad_order`, `bad_shard`.
Result<RunSettings> read_run_settings(const config::Config& config);

}  // namespace muster::run
