#include "app/run_arguments.hpp"

#include <CLI/CLI.hpp>

namespace muster::app {

void declare_run_options(CLI::App& command, RunArguments& arguments) {
  command.add_option("paths", arguments.paths,
                     "Feature files or folders, each with :LINE if wanted (default: features)");
  command.add_option("-t,--tags", arguments.tags, "Tag expression, e.g. \"@smoke and not @slow\"");
  command.add_option("-f,--format", arguments.formats,
                     "Report as NAME[:FILE], e.g. junit:report.xml (default: pretty on stdout)");
  command
      .add_option("-j,--jobs", arguments.jobs,
                  "Workers at once (default: one per core); 0: all in this process, for a debugger")
      ->check(CLI::Range(0, 256));
  command.add_flag("--allow-no-steps", arguments.allow_no_steps,
                   "Runs although no step is defined yet: each is undefined, with its snippet");
  command.add_flag("--no-taps", arguments.no_taps,
                   "Connects the programs directly, without recording proxies between them");
  command.add_option("--color", arguments.color, "auto, always or never");
  command.add_option("--tier", arguments.tier,
                     "Skips scenarios tagged above it: 0 (default), 1, … or cai");
  command.add_flag("--strict-capabilities", arguments.strict_capabilities,
                   "A scenario whose @requires: is not met fails instead of being skipped");
  command.add_option("--project", arguments.project,
                     "Folder of the project under test (default: that of the nearest muster.toml, "
                     "else of the repository)");
}

}  // namespace muster::app
