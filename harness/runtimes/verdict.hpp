#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/json.hpp"

namespace muster::runtimes {

/// Why a runtime is there, or is not.
enum class Reason {
  ok,                 ///< a command said so
  always_available,   ///< its row says that nothing needs to be run
  binary_missing,     ///< no program of that name
  not_executable,     ///< a file that cannot be run
  exit_mismatch,      ///< another exit code than the row asks for
  pattern_mismatch,   ///< the pattern is in neither stream
  timeout,            ///< the probe did not end
  signalled,          ///< a signal ended the probe
  bad_pattern,        ///< no regular expression, or one that is too slow
  below_min_version,  ///< found, but too old, or of a version that cannot be seen
  no_metadata,        ///< no row, or one that does not say how to verify it
  overridden,         ///< not asked: the list of the environment or configuration leaves it out
};

/// The names above.
std::string to_string(Reason reason);

/// What is known about one runtime.
struct Verdict {
  std::string name;  ///< as `name_of` gives it
  std::string ref;   ///< of its row; empty when there is none
  bool available = false;
  Reason reason = Reason::no_metadata;
  std::string detail;       ///< what was seen, for people
  std::string binary_path;  ///< of the command that decided
  std::string version;      ///< as `to_string(Version)`; empty when it could not be seen
  std::optional<int> exit_code;
  std::optional<int> term_signal;
  std::chrono::milliseconds duration{};  ///< of all commands tried
  bool cached = false;                   ///< the deciding outcome was remembered
};

/// The members that are known, `duration` as `duration_ms`.
Json to_json(const Verdict& verdict);

}  // namespace muster::runtimes
