#pragma once

#include <span>
#include <string>

namespace muster::judge {

class Bench;

/// Thrown by a check: the program does otherwise than the rule says.
struct Broken {
  std::string evidence;
};

/// Thrown by a check: what comes before did not work, so nothing is known of this rule.
struct Untried {
  std::string why;
};

/// Thrown by a check: it takes starting a program that runs at an address already.
struct Impossible {
  std::string why;
};

/// One sentence of a contract, and how it is tried on a bench of its own. The check returns when
/// the rule is kept.
struct Rule {
  const char* id;
  const char* contract;
  void (*check)(Bench& bench);
};

/// The rules of each program, in the order of the report.
std::span<const Rule> hearth_rules();
std::span<const Rule> hearth_state_rules();
std::span<const Rule> console_rules();
std::span<const Rule> console_run_rules();
std::span<const Rule> ralph_rules();
std::span<const Rule> ralph_stream_rules();

}  // namespace muster::judge
