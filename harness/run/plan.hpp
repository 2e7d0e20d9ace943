#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "messages/definitions.hpp"
#include "muster/table.hpp"
#include "run/gate.hpp"
#include "steps/extension.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// One test step of a case: a hook, or a step of the pickle with the definitions that fit it.
struct PlannedStep {
  std::string id;                   ///< of the TestStep message
  std::optional<std::size_t> hook;  ///< into Library::hooks; else it is a step
  std::size_t pickle_step = 0;      ///< into PickleInfo::steps
  std::optional<Table> table;
  std::vector<steps::StepMatch> matches;                   ///< none: undefined, several: ambiguous
  std::shared_ptr<const messages::Suggestion> suggestion;  ///< when it is undefined
};

/// One pickle, ready to be run by a worker.
struct PlannedCase {
  std::string id;  ///< of the TestCase message
  std::string pickle_id;
  std::string key;  ///< plan key: SHA-256 hex over uri, line, content digest, step-library digest
  steps::PickleInfo info;
  std::vector<PlannedStep> steps;  ///< BEFORE hooks, steps, AFTER hooks
  std::uint32_t retries = 0;       ///< further attempts when it fails
  std::vector<std::string> locks;  ///< of `@lock(name)`
  bool alone = false;              ///< `@serial`: while it runs, nothing else does
  std::optional<Closed> closed;    ///< by a gate: it has no hooks and no worker gets it
};

/// What is run, in order.
struct Plan {
  std::vector<PlannedCase> cases;
  std::vector<std::string> definition_ids;  ///< message ids, by index into Library::steps
  std::vector<std::string> hook_ids;        ///< message ids, by index into Library::hooks
};

}  // namespace muster::run
