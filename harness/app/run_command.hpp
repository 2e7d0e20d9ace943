#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace muster::app {

/// The arguments of `muster run`.
struct RunArguments {
  std::string program = "muster";  ///< this runner's name, for "run again"
  std::vector<std::string> paths;  ///< PATH[:LINE]…; empty: features
  std::string tags;
  std::vector<std::string> formats;  ///< NAME[:FILE]
  int jobs = -1;  ///< workers; -1: one per core, 0: no worker, everything in this process
  bool no_taps = false;
  std::string color = "auto";
};

void add_run_command(CLI::App& app, RunArguments& arguments);

/// Runs the chosen scenarios; the exit code.
int run_command(const RunArguments& arguments);

}  // namespace muster::app
