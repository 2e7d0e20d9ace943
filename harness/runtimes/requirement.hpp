#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "runtimes/capabilities.hpp"
#include "runtimes/constraint.hpp"
#include "runtimes/detector.hpp"

namespace muster::runtimes {

/// What a scenario or a run needs: `python>=3.11`, `node^18`, `docker`.
struct Requirement {
  std::string name;       ///< normalised
  Constraint constraint;  ///< any version when none is written
  std::string text;       ///< as written
};

/// Reads one: a name of letters, digits, `_`, `-` and `.`, then a constraint or nothing. A bare
/// version needs an operator here (`python=3.11`, `python~3.11`). Errors `bad_requirement`,
/// `bad_constraint`.
Result<Requirement> parse_requirement(std::string_view text);

/// What follows `@requires:` in a tag; nullopt for any other tag.
std::optional<std::string_view> requirement_of_tag(std::string_view tag);

/// Whether a tag was meant to require something, however it is written: `@requires:x`, but also
/// `@requires`, `@Requires:x`, `@require(x)`, which are errors.
bool means_requirement(std::string_view tag);

/// Whether a requirement is met, and why not (or by what).
struct Answer {
  bool met = false;
  std::string
      reason;  ///< lower-case phrase: `python 3.11.2`, `python 3.9.2 does not satisfy >=3.11`
};

/// Whether `version` of it satisfies the constraint; empty is a version that cannot be seen.
Answer judge(const Requirement& requirement, const std::string& version);

/// By what this host has. A version that cannot be seen satisfies no constraint but `*`.
Answer meets(const Requirement& requirement, const Detection& detection,
             const std::vector<Capability>& capabilities = {});

/// By what a worker told about itself in `worker.capabilities` (see capabilities_of).
Answer meets(const Requirement& requirement, const Json& worker_capabilities);

}  // namespace muster::runtimes
