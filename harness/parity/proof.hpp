#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"

/// A run that proves that nothing was called outside (lifecycle contract, "Parity run").
namespace muster::parity {

/// What the canary asks for and calls; `.invalid` is never anybody's (RFC 2606).
inline constexpr const char* kCanaryName = "parity-canary.invalid";
inline constexpr std::uint16_t kCanaryPort = 443;
/// What the canary's process is called.
inline constexpr const char* kCanaryProgram = "parity-canary";

/// A call that would have left the machine.
struct Attempt {
  pid_t pid = 0;
  std::string program;  ///< its short name
  std::string command;  ///< its command line
  std::string call;     ///< `connect`, `sendto`, `sendmsg`, `sendmmsg`
  std::string address;
  int port = 0;
  std::string host;  ///< the name that was asked for; empty for a bare address
};

/// What was recorded, and how.
struct Proof {
  std::string method;                   ///< as docs/formats/parity.md has it; `none`
  std::vector<std::string> interfaces;  ///< of the network that the run had
  std::vector<Attempt> attempts;        ///< the canary's too
  std::vector<std::string> names;       ///< asked for, the canary's too
  std::vector<std::string> problems;    ///< why it proves nothing

  bool canary_recorded() const;
  /// Attempts that are not the canary's.
  std::vector<Attempt> others() const;
  std::vector<std::string> other_names() const;
  /// `proven`, `egress` (something was called), `unproven`.
  std::string verdict() const;
};

/// The content of egress_proof.json, schema_version 1.
Json to_json(const Proof& proof);
/// One line of an attempt: `console (pid 7) connect → api.polar.sh:443 (198.18.0.2)`.
std::string to_text(const Attempt& attempt);

/// Whether a variable is kept from the programs of a parity run: credentials by their name, those
/// of vendors, proxies and agents.
bool is_scrubbed(const std::string& name);

}  // namespace muster::parity
