#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/contracts.hpp"
#include "artifacts/repository.hpp"
#include "base/json.hpp"

/// Whether an environment, and muster itself, is in order (environment.md, "Doctor and readiness").
namespace muster::doctor {

/// One thing that is wrong.
struct Finding {
  std::string code;    ///< e.g. `service_stale`
  std::string reason;  ///< a sentence that names what is wrong
  std::string hint;    ///< what to do; may be empty
};

/// A gate: it passes when nothing was found.
struct Gate {
  std::string name;  ///< `command_parity`, `runtime_truth`, `lifecycle`, `shipability`
  std::vector<Finding> failures;
  std::vector<Finding> warnings;  ///< what does not close it
  bool passed() const { return failures.empty(); }
};

/// A command as it is dispatched.
struct Command {
  std::string name;
  std::vector<std::string> aliases;
};

/// A lock of the scope.
struct LockHealth {
  std::string name;
  std::string holder;  ///< who has it; empty: nobody
};

/// Something in force, and why: a backend of reaping, of isolation.
struct InForce {
  std::string name;
  bool available = false;
  bool in_force = false;
  std::string detail;
};

/// What the doctor is told, as it cannot look upward.
struct Examination {
  std::vector<Command> commands;  ///< all that `muster env` dispatches
  std::string contracts;          ///< folder of the contract files
  bool contracts_required = false;
  const artifacts::Repository* repository = nullptr;  ///< null: nothing was ever started here
  std::optional<Finding> configuration;               ///< what is wrong with muster.toml
  std::map<std::string, std::string> versions;        ///< `muster`, `cpp-httplib`, `python`
};

struct Report {
  std::vector<Gate> gates;
  std::vector<LockHealth> locks;
  std::vector<artifacts::Pointer> pointers;
  std::vector<InForce> reaping;
  std::vector<InForce> isolation;
  std::map<std::string, std::string> versions;
  std::vector<std::string> recent_failures;
  bool synthetic_state = false;
  std::string runtime_root;  ///< folder of the scope; empty: there is none
  std::string run_id;
  std::string latest_bundle;
  artifacts::ReadinessReport readiness;
  bool ok() const;
};

/// Looks at everything once. Nothing is changed.
Report examine(const Examination& examination);

/// `muster env doctor --json` (docs/formats/contracts.md).
Json to_json(const Report& report);
/// For people.
std::string render(const Report& report);

/// The commands and aliases that the contract asks for, whatever is dispatched.
const std::vector<Command>& required_commands();

}  // namespace muster::doctor
