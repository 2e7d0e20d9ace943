#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "runtimes/version.hpp"

namespace muster::runtimes {

/// What versions will do: parts with commas between, all of which must hold. A part is an operator
/// and a version whose missing numbers count as 0:
///   `=3.12.1`  that one            `>3.12` `>=3.12` `<3.12` `<=3.12`  against 3.12.0
///   `~3.12`    3.12.x              `^3.12`  from 3.12.0, the leftmost number that is not 0 stays
///   `3.12`     as `~3.12`          `*`, nothing  any;  `3.*`, `3.12.*`  any with these numbers
/// A pre-release is meant only by a constraint with a pre-release of the same three numbers (the
/// rule of Cargo and npm): 3.13.0-rc.1 does not satisfy `>=3.12`, but `>=3.13.0-beta`.
class Constraint {
 public:
  /// Error `bad_constraint`, which names the part.
  static Result<Constraint> parse(std::string_view text);

  bool matches(const Version& version) const;
  /// Every version will do, but for pre-releases.
  bool any() const { return ranges_.empty(); }
  /// As it was written.
  const std::string& text() const { return text_; }

 private:
  struct Bound {
    Version version;
    bool inclusive = true;
  };
  struct Range {
    std::optional<Bound> low;
    std::optional<Bound> high;
    std::optional<Version> pre;  ///< the version of the part, when it is a pre-release
  };
  static Result<std::optional<Range>> parse_part(std::string_view part);

  std::vector<Range> ranges_;
  std::string text_;
};

/// Whether `version` satisfies `constraint`. Errors `bad_version`, `bad_constraint`.
Result<bool> satisfies(std::string_view version, std::string_view constraint);

/// One version of a runtime to choose from.
struct VersionChoice {
  std::string version;
  bool available = true;
  bool is_default = false;
};

/// The index of the best among those available: with a constraint the highest that satisfies it,
/// without one the default, else the highest. A release is preferred to a pre-release by its order;
/// a choice whose version cannot be read is passed over unless it is the default. nullopt: none.
/// Error `bad_constraint`.
Result<std::optional<std::size_t>> best_version(const std::vector<VersionChoice>& choices,
                                                std::string_view constraint);

}  // namespace muster::runtimes
