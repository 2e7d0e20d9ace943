#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::config {
class Config;
}

/// Which hearth, console and ralph are played and judged: the reference programs beside this
/// executable, or whose files or addresses are configured (lifecycle contract).
namespace muster::lineup {

/// A program of the lifecycle, and where it was found.
struct Program {
  std::string name;
  std::string path;                   ///< to run; as configured when nothing was found
  std::string address;                ///< it runs there already and is not to be started; or empty
  std::string from;                   ///< `ROCKY_RALPH_BIN`, `muster.toml:3:10`, `beside muster`
  std::vector<std::string> searched;  ///< every place looked at
  bool found = false;                 ///< there is such a file
  bool given = false;                 ///< configured, so somebody else's
};

/// `hearth`, `console` or `ralph`: what `[programs]` or its variable names, else the reference
/// program beside this executable, else one on PATH. Any other program (`standin`): the latter two,
/// or what `ROCKY_<NAME>_BIN` names. `settings` may be null. A relative file of muster.toml is
/// below its folder.
Program find(const std::string& name, const config::Config* settings);

/// The three programs, in the order hearth, console, ralph.
std::vector<Program> find_all(const config::Config* settings);

/// What tells one build of a program from another.
struct Identity {
  std::string version;  ///< first line of `--version`, ≤ 200 bytes; empty when it says none
  std::string sha256;   ///< of the file, hex; empty when there is none
  std::string problem;  ///< why a member is empty
};

/// Asks the program for its version (at most 2 s and 4 KiB of output) and hashes its file. One at
/// an address cannot be identified. Blocks.
Identity identify(const Program& program);

/// `{name, from, given, path | address, version?, sha256?, problem?}`: as reports hold it.
Json to_json(const Program& program, const Identity& identity);

}  // namespace muster::lineup
