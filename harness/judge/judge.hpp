#pragma once

#include <functional>
#include <string>
#include <vector>

#include "judge/judgement.hpp"
#include "lineup/lineup.hpp"

namespace muster::judge {

struct Options {
  std::vector<std::string> programs{"hearth", "console", "ralph"};  ///< whose rules are tried
  std::string rules;  ///< only those whose id matches one of these globs, by comma; empty: all
  std::string driver = "fake";  ///< ROCKY_HEARTH_DRIVER of the hearth that is judged
  std::string ralph_key_file;   ///< of a worker at an address; empty: a key of ours
  std::string scratch;          ///< short folder for sockets and state; made and removed
  std::function<void(const Finding&)> on_finding;  ///< told of each as it is there; may be empty
};

/// Every rule of hearth, console and ralph: id and contract, in the order of the report.
std::vector<Finding> all_rules();

/// Tries each rule on a fresh bench: the program is started anew (unless it runs at an address),
/// its neighbours are stand-ins of ours. Nothing that it started is left. Blocks. Error
/// `no_rules`: nothing was chosen; `scratch_failed`.
Result<Judgement> judge(const std::vector<lineup::Program>& lineup, const Options& options);

}  // namespace muster::judge
