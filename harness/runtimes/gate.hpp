#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "runtimes/detector.hpp"
#include "runtimes/migrations.hpp"
#include "runtimes/requirement.hpp"

namespace muster::runtimes {

/// By what a gate judges.
struct GateOptions {
  std::vector<Runtime> rows = core_pack();
  DetectOptions detect;
  /// Tries capabilities, see `capabilities`.
  std::function<std::vector<Capability>(const std::vector<std::string>& names)> try_capabilities;
};

/// Lets a scenario through whose tags `@requires:NAME[CONSTRAINT]` this host meets. Finds out only
/// about names that are asked for, about each once, about all of one call in parallel. One thread.
class Gate {
 public:
  /// Errors `bad_claims`.
  static Result<Gate> make(GateOptions options = {});

  /// What one tag requires, its name known here; nullopt for a tag that requires nothing. Nothing
  /// is probed. Errors: `bad_requirement` (also for `@requires`, `@require:x` and the like, which
  /// would else go unseen), `bad_constraint`, `unknown_capability`.
  Result<std::optional<Requirement>> requirement(std::string_view tag) const;

  /// Finds out about all of them at once, but for what is known already. Errors of `detect`.
  Result<void> find_out(const std::vector<Requirement>& requirements);

  /// Whether this host meets them, and the reason of the first that it does not. Errors of
  /// `detect`.
  Result<Answer> answer(const std::vector<Requirement>& requirements);

  /// nullopt: nothing stands in the way of these tags; else the reason. All errors above.
  Result<std::optional<std::string>> blocked(const std::vector<std::string>& tags);

 private:
  Gate(GateOptions options, std::vector<std::string> claimed)
      : options_(std::move(options)), claimed_(std::move(claimed)) {}

  GateOptions options_;
  std::vector<std::string> claimed_;
  Detection detection_;  ///< of the runtimes asked for so far
  std::vector<Capability> capabilities_;
  std::vector<std::string> known_;  ///< names that were found out about
};

}  // namespace muster::runtimes
