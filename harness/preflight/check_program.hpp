#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/check.hpp"
#include "process/backends.hpp"
#include "process/exit_status.hpp"

namespace muster::preflight {

/// A short program that a check needs.
struct ProgramCall {
  std::string name;               ///< what people call it
  std::vector<std::string> argv;  ///< argv[0] has a slash, or is searched on PATH of `env`
  std::vector<std::string> env;   ///< the complete environment, `NAME=value` each
  std::string cwd;                ///< empty: ours
  /// Ends the program, as at the deadline, within 50 ms after it becomes true.
  const std::atomic<bool>* stop = nullptr;
  /// False of a tool that is known to start no program itself: such ones share what holds them,
  /// which takes longer to make than they run.
  bool starts_others = true;
};

struct ProgramOutput {
  std::string out;  ///< the first MiB
  std::string err;
  process::ExitStatus exit;
};

/// Runs a program to its end with nothing on its standard input. Whatever it started is dead when
/// this returns. Blocks, at most to the deadline. Errors `timeout` (with what it printed last) and
/// those of the launcher.
Result<ProgramOutput> run_program(const ProgramCall& call, const Deadline& deadline);

/// What holds the programs of checks: the best that works here, tried once.
Result<process::Backend> check_backend();

/// The environment of this process.
std::vector<std::string> inherited_environment();

/// A small environment in which tools behave the same everywhere: PATH and HOME of this process,
/// LC_ALL=C.UTF-8.
std::vector<std::string> plain_environment();

}  // namespace muster::preflight
