#pragma once

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace muster::app {

/// The arguments of `muster run`.
struct RunArguments {
  std::string program;             ///< this runner's name, for "run again"
  std::vector<std::string> paths;  ///< PATH[:LINE]…; empty: features
  std::string tags;
  std::vector<std::string> formats;  ///< NAME[:FILE]
  int jobs = -1;  ///< workers; -1: one per core, 0: no worker, everything in this process
  bool no_taps = false;
  bool allow_no_steps = false;
  std::string color = "auto";
  std::string tier = "0";            ///< what is above it is skipped
  bool strict_capabilities = false;  ///< a capability that is missing fails instead of skipping
  std::string project;               ///< folder that is tested; empty: found from here
};

/// Declares the options on the command; what is parsed is stored in `arguments`.
void declare_run_options(CLI::App& command, RunArguments& arguments);

}  // namespace muster::app
