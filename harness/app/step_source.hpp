#pragma once

#include <string>
#include <vector>

namespace muster::app {

/// Asks the step definitions of another file: runs `words` (a command and its arguments) as a
/// runner, which this program becomes, or in the engine that a shared library of steps is linked
/// with. The exit code; what is wrong with the file is printed.
int ask_steps_of(const std::string& path, std::vector<std::string> words);

}  // namespace muster::app
