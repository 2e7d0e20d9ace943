#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "requirements/requirement_spec.hpp"

namespace muster::requirements {

/// What an adapter may build on.
struct Ground {
  std::string folder;    ///< the requirement's own, as muster reaches it; there, of `account`
  std::string seen;      ///< the same as its programs reach it
  std::string account;   ///< whom they run as; empty: ours
  std::string password;  ///< of this data directory, the same for its life
  std::string nonce;     ///< of this start, for the server to echo
  std::string path;      ///< PATH, where programs are searched beside their usual places
};

/// A program that runs once and has to exit with 0.
struct OneShot {
  std::string name;
  std::vector<std::string> command;
  std::map<std::string, std::string> env;
  std::string prints;  ///< what its output has to hold; empty: anything
};

/// How a native server is started. Texts of commands, environments and variables may have {port}.
struct NativePlan {
  std::vector<OneShot> prepare;      ///< before the server, where anything is missing
  std::vector<std::string> command;  ///< the server
  std::map<std::string, std::string> env;
  std::vector<services::ReadySpec> ready;
  int stop_signal = 15;
  std::optional<OneShot> identity;  ///< that it is this server which answers at the port
  std::vector<OneShot> bootstrap;   ///< once it is ready
  std::map<std::string, std::string> variables;  ///< for services; some are secret
};

/// Whether the programs of a native server are installed. Error `program_not_found` with the
/// package that has them.
Result<void> installed(const RequirementSpec& spec, const std::string& path);

/// The plan of the adapter of the requirement's kind. Errors `program_not_found`, `data_version` (a
/// data directory of another version), `data_in_use` (another server runs in it).
Result<NativePlan> plan_native(const RequirementSpec& spec, const Ground& ground);

/// The account that root runs it as: the one it asks for, that of its definition, or nobody; empty
/// for anybody but root, who runs it as themselves. Error `user_unknown`.
Result<std::string> account_for(const RequirementSpec& spec);

namespace detail {
Result<NativePlan> plan_postgres(const RequirementSpec& spec, const Ground& ground);
Result<NativePlan> plan_redis(const RequirementSpec& spec, const Ground& ground);
Result<NativePlan> plan_custom(const RequirementSpec& spec, const Ground& ground);
/// The first program of that name in PATH or in `places`. Error `program_not_found`.
Result<std::string> find_installed(const std::string& program, const std::string& path,
                                   const std::vector<std::string>& places,
                                   const std::string& package);
/// Where Debian keeps PostgreSQL's programs, the newest version first.
std::vector<std::string> postgres_places();
}  // namespace detail

}  // namespace muster::requirements
