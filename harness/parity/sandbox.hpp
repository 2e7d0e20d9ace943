#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "parity/proof.hpp"

namespace muster::parity {

struct SandboxOptions {
  std::vector<std::string> command;      ///< program (a path) and arguments
  std::vector<std::string> environment;  ///< complete, `NAME=value` each
  std::string folder;                    ///< for the files that are put over those of /etc
};

struct SandboxEnd {
  Proof proof;
  int exit_code = 1;  ///< of the command; 128 + signal
};

/// Runs a command in fresh network, mount and pid namespaces (of a plain user: in a user namespace
/// too) whose network is loopback alone, after a canary, and records every call that would have
/// left. What the command starts is gone when this returns. Standard streams are ours. Error
/// `namespaces_refused`: nothing was run.
Result<SandboxEnd> run_in_sandbox(const SandboxOptions& options);

/// The same in the network that this process has, where that has loopback alone already and no
/// namespaces are to be had: in a container with `--network none`. Names have to be looked up at
/// 127.0.0.1, or nothing would be known of them. Error `network_present`: nothing was run.
Result<SandboxEnd> run_without_network(const SandboxOptions& options);

}  // namespace muster::parity
