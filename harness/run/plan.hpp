#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/string_pool.hpp"
#include "messages/definitions.hpp"
#include "messages/pickle.hpp"
#include "muster/table.hpp"
#include "run/gate.hpp"
#include "steps/extension.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// The number of a message's id; Plan::ids writes it.
using Id = std::uint64_t;

/// What is said of a step that no definition fits.
struct Unmatched {
  std::shared_ptr<const messages::Suggestion> suggestion;
  std::string trouble;  ///< why nobody knows whether some would fit; empty: none does
};

/// One test step of a case: a hook, or a step of the pickle.
struct PlannedStep {
  Id id = 0;                          ///< of the TestStep message
  Id pickle_step_id = 0;              ///< of the pickle's step
  std::optional<std::uint32_t> hook;  ///< into Library::hooks; else it is a step
  std::uint32_t pickle_step = 0;      ///< into PickleInfo::steps
  messages::PickleStepType type = messages::PickleStepType::unknown;
  std::uint32_t fitting = 0;     ///< definitions that fit; none: undefined, several: ambiguous
  std::uint32_t definition = 0;  ///< into Library::steps, when one fits
  std::unique_ptr<const Table> table;
  std::unique_ptr<const Unmatched> unmatched;  ///< when none fits
};

/// One pickle, ready to be run by a worker.
struct PlannedCase {
  Id id = 0;  ///< of the TestCase message
  Id pickle_id = 0;
  Sha256 key = {};  ///< plan key, over uri, line, content digest, step-library digest
  steps::PickleInfo info;
  std::vector<PlannedStep> steps;  ///< BEFORE hooks, steps, AFTER hooks
  std::uint32_t retries = 0;       ///< further attempts when it fails
  std::vector<std::string> locks;  ///< of `@lock(name)`
  bool alone = false;              ///< `@serial`: while it runs, nothing else does
  std::optional<Closed> closed;    ///< by a gate: it has no hooks and no worker gets it
};

/// What is run, in order.
struct Plan {
  StringPool texts;  ///< of the steps, which often are alike
  std::vector<PlannedCase> cases;
  std::vector<std::string> definition_ids;  ///< message ids, by index into Library::steps
  std::vector<std::string> hook_ids;        ///< message ids, by index into Library::hooks
  IncrementalIds ids;                       ///< writes the numbers of ids
};

}  // namespace muster::run
