#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_hash.hpp"
#include "messages/pickle.hpp"
#include "muster/parameter.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// What the definitions of a library make of a step.
struct Fit {
  std::vector<steps::StepMatch> matches;  ///< none: undefined, several: ambiguous
  std::vector<Captures> arguments;        ///< of a single match, as its body takes them
  /// Definitions whose regular expression gave no answer within its bound.
  std::vector<std::size_t> exceeded;
};

/// Finds the definitions of steps, once for steps of one text: a plan keeps their number only, as
/// what they match takes much more memory than the texts.
class Matching {
 public:
  /// `keyword_bound`: GIVEN fits only a Given, WHEN a When, THEN a Then.
  Matching(const steps::Library& library, bool keyword_bound)
      : library_(library), keyword_bound_(keyword_bound) {}

  /// Valid until the next call.
  const Fit& of(std::string_view text, messages::PickleStepType type);

  const steps::Library& library() const { return library_; }

 private:
  using Known = std::unordered_map<std::string, Fit, TextHash, std::equal_to<>>;

  Fit find(std::string_view text, messages::PickleStepType type) const;

  const steps::Library& library_;
  bool keyword_bound_;
  Known known_[4];  ///< by type, if that makes a difference
};

}  // namespace muster::run
