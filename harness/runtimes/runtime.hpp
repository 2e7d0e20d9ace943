#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// Which runtimes (interpreters and what is like them) a host has: told by the environment, the
/// configuration or the rows of a database, and verified by running them.
namespace muster::runtimes {

/// A row of the table `runtime`: one per runtime, whoever uses it.
struct Runtime {
  std::int64_t id = 0;   ///< given by the database
  std::string ref;       ///< `core.python`: lower case, at least two segments of [a-z0-9_-]
  std::string pack_ref;  ///< the pack that brought it; empty: none
  std::string name;      ///< for people
  std::string description;
  std::vector<std::string> aliases;
  /// `{verification?: {always_available?, check_required?, commands?}, min_version?, …}`
  Json distributions = Json::object();
  Json installation;    ///< an object, or null
  std::string created;  ///< RFC 3339, milliseconds, Z; given by the database
  std::string updated;

  friend bool operator==(const Runtime&, const Runtime&) = default;
};

/// Success, or why the row cannot be stored: `bad_ref`, `bad_runtime`.
Result<void> check(const Runtime& runtime);

/// One way to see that a runtime is there.
struct VerificationCommand {
  std::string binary;  ///< a path, or a name to search on PATH
  std::vector<std::string> args;
  int exit_code = 0;    ///< what it must exit with
  std::string pattern;  ///< searched in stdout and stderr; empty: none
  int priority = 0;     ///< the lowest is tried first; equal ones in the order of the row
  bool optional = false;

  friend bool operator==(const VerificationCommand&, const VerificationCommand&) = default;
};

/// What `distributions` of a row says about verifying it.
struct Verification {
  bool always_available = false;              ///< by `always_available`, or `check_required: false`
  std::vector<VerificationCommand> commands;  ///< in the order in which they are tried
  std::string min_version;
};

/// Reads it. Errors: `no_metadata` when it says neither a command nor that none is needed,
/// `bad_metadata` for a member of a wrong type; the message names the member.
Result<Verification> verification_of(const Json& distributions);

/// `{ref, pack_ref?, name, description?, aliases, distributions, installation?}`.
Json to_json(const Runtime& runtime);
/// Errors `bad_runtime`, `bad_ref`.
Result<Runtime> runtime_from_json(const Json& json);

}  // namespace muster::runtimes
