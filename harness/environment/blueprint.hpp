#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "artifacts/contracts.hpp"
#include "environment/plan_ports.hpp"
#include "process/ports.hpp"
#include "requirements/requirement_spec.hpp"
#include "services/service_spec.hpp"

namespace muster::environment {

/// One project of an environment: the repository, or one of its worktrees.
struct ProjectPlan {
  std::string name = "Main";                                ///< in names of services
  std::string root;                                         ///< its folder
  std::vector<services::ServiceSpec> services;              ///< all that are declared
  std::vector<requirements::RequirementSpec> requirements;  ///< what all of them need
  std::vector<std::string> selected;          ///< those that start, with what they need; empty: all
  std::map<std::string, int> previous_ports;  ///< of the last run, so that nothing drifts
  int slot = 0;         ///< of the tree among others; 0: the repository itself
  int port_offset = 0;  ///< from the ports that are asked for; keeps projects apart
};

/// Ports that are held between two keepers, so that nobody takes them meanwhile.
using Between = std::vector<process::Port>;

/// What an environment is made of.
struct Blueprint {
  std::string run_id;
  std::string scope;
  std::string runtime_directory;
  std::string mode = "main";
  std::vector<ProjectPlan> projects;
  Variables variables;             ///< of whoever starts it: services inherit them
  std::string compat_root;         ///< empty: none
  artifacts::Contracts contracts;  ///< what the readiness report rests on beside the services
  bool contracts_required = false;
  /// Holds of whoever starts it on the ports of the run before; let go once the keeper has its own.
  std::shared_ptr<Between> between;
  /// What is up stays up although a critical service has failed; else everything is stopped then.
  bool keep_partial = false;
};

/// `Main Web`: how a service is called in artifacts.
std::string display_name(const std::string& project, const std::string& service);

/// Tells one environment from another: SHA-256 over mode, projects, roots and all that the declared
/// services are. The same blueprint of two runs has the same, whatever ports it came to.
std::string fingerprint(const Blueprint& blueprint);

/// The names in `selected` and all that those depend on, in the order in which they start. Error
/// `service_unknown`, with the nearest name.
Result<std::vector<std::string>> with_dependencies(
    const std::vector<services::ServiceSpec>& services, const std::vector<std::string>& selected);

}  // namespace muster::environment
