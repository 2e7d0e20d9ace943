#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "chain/parser.hpp"
#include "chain/pattern.hpp"

namespace muster::chain {

class Term;

/// One step of a chain, ready to be matched.
struct StepInfo {
  int index = 0;  ///< in `Chain::steps`, in the order of the text
  Step step;
  std::vector<NamePattern> excluded;  ///< openers and closers that a wildcard does not stand for
  int label = -1;                     ///< slot that a match binds, or -1
  int distinct = -1;                  ///< slot of the values seen, or -1
  int within_label = -1;              ///< slot of `within … of`, or -1
  std::vector<int> where_labels;      ///< per predicate: slot of its `$label`, or -1
  int frame = 0;                      ///< in `Chain::frames`: from whose time the bound counts
  bool counted = false;               ///< `frame` is its own: all its matches share one bound
  int opener = -1;                    ///< step that opens the innermost `between` around, or -1
  bool closes = false;                ///< closes that `between`
  bool pure = true;  ///< whether it matches depends on the event and the time alone
};

struct NeverInfo {
  Never never;
  std::vector<int> where_labels;
  int until = -1;  ///< label slot, or -1
  int guard = -1;  ///< the guarded group it stands in, or -1 for the whole chain
};

/// What a bound counts from. The root's time is that of the last match of the chain; a branch of an
/// any-order group has a time of its own, and until its first match it counts from the group's
/// entry, which is the time of the match before the group.
/// A counted step is entered like a group: its bound is that of the whole item.
struct Frame {
  enum class Kind { root, entry, branch };
  Kind kind = Kind::root;
  int parent = -1;
};

/// A chain that is ready to be watched: the pattern, checked, with its terms. Immutable, shared by
/// its watches.
class Chain {
 public:
  /// Checks a pattern and compiles it. `text` and `origin` are those it was parsed from, for the
  /// carets. Errors: `chain_label` (unknown, doubled, used before it stands), `chain_scope` (a name
  /// that the scope hides), `chain_between` (a content that is its opener or closer),
  /// `chain_empty`.
  static Result<std::shared_ptr<const Chain>> compile(Pattern pattern, std::string_view text = {},
                                                      const Place& origin = {});

  /// Parses and compiles.
  static Result<std::shared_ptr<const Chain>> parse(std::string_view text, const Place& origin = {},
                                                    const SchemaLoader& schemas = nullptr);

  const Pattern& pattern() const { return pattern_; }
  const Place& origin() const { return origin_; }
  const std::vector<StepInfo>& steps() const { return steps_; }
  const std::vector<NeverInfo>& nevers() const { return nevers_; }
  const std::vector<Frame>& frames() const { return frames_; }
  int labels() const { return static_cast<int>(label_names_.size()); }
  int distincts() const { return distincts_; }

  /// The pattern as a term for streaming (pure any-order groups as matchings), and for alignment
  /// (every step apart).
  const std::shared_ptr<const Term>& streaming() const { return streaming_; }
  const std::shared_ptr<const Term>& apart() const { return apart_; }

  /// Whether an event of this name is in scope.
  bool in_scope(std::string_view name) const;
  /// Whether a step names it.
  bool lists(std::string_view name) const;

 private:
  friend class Compiler;

  Pattern pattern_;
  Place origin_;
  std::vector<StepInfo> steps_;
  std::vector<NeverInfo> nevers_;
  std::vector<Frame> frames_;
  std::vector<std::string> label_names_;
  int distincts_ = 0;
  std::shared_ptr<const Term> streaming_;
  std::shared_ptr<const Term> apart_;
};

}  // namespace muster::chain
