#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::app {

/// What is to be run in a container.
struct ContainerRun {
  std::vector<std::string> command;      ///< program (a path) and arguments
  std::vector<std::string> environment;  ///< complete
  std::string scratch;                   ///< a folder of ours, for files that are put over /etc
};

/// Runs a command in a container without a network (`--network none`) on the engine of
/// DOCKER_HOST, which sees the folders of this machine where they are, as the user who asks. Its
/// output is given on once it is over; the container is removed. The exit code. Errors: those of
/// process::Engine; `image_missing`.
Result<int> run_in_container(const ContainerRun& run);

}  // namespace muster::app
