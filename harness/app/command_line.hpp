#pragma once

namespace muster::app {

/// The whole of bin/muster: reads the command line, runs the command, answers with its exit code: 0
/// success, 1 actionable failure (usage errors too), 2 controlled quit or interrupt.
int run_command_line(int argc, char** argv);

}  // namespace muster::app
