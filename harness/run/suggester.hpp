#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "expressions/snippet.hpp"
#include "messages/definitions.hpp"
#include "messages/pickle.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// Proposes step definitions for undefined steps: one for each way in which the values of a text
/// can be read, e.g. `{int}` and `{float}`. What it found for a text is kept.
class Suggester {
 public:
  explicit Suggester(const steps::Library& library) : library_(library) {}

  /// A Suggestion for this step of a pickle; null when nothing can be proposed.
  std::shared_ptr<const messages::Suggestion> suggest(const messages::PickleStep& step,
                                                      IncrementalIds& ids);

 private:
  const steps::Library& library_;
  std::unordered_map<std::string, std::vector<expressions::Proposal>> proposals_;
};

}  // namespace muster::run
