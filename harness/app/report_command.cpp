#include "app/report_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/recorded_run.hpp"
#include "app/run_reports.hpp"

namespace muster::app {
namespace {

struct ReportArguments {
  std::string run = "latest";
  std::string project;
  std::vector<std::string> formats;
  std::string color = "auto";
  std::string program;
};

Result<void> report(const ReportArguments& arguments) {
  const auto record = recorded_run(arguments.run, arguments.project);
  if (!record) return record.error();
  if (record->state() != journal::RunRecord::State::finished) {
    std::cerr << "muster: the run " << record->manifest().run_id
              << " is incomplete: " << record->reason() << "\n";
  }
  auto reports = RunReports::open(arguments.formats, arguments.color, arguments.program + " run");
  if (!reports) return reports.error();
  const auto told =
      record->messages([&](messages::Envelope envelope) { (*reports)->on(envelope); });
  // what could be read is reported, whatever came after it
  const auto finished = (*reports)->finish();
  return told ? finished : told;
}

}  // namespace

Execute add_report_command(CLI::App& app, const std::string& program) {
  auto arguments = std::make_shared<ReportArguments>();
  arguments->program = program;
  auto* command =
      app.add_subcommand("report", "Makes the reports of a recorded run again, in any format");
  command->add_option("RUN", arguments->run,
                      "`latest`, the id of a run or its directory (default: latest)");
  command
      ->add_option("-f,--format", arguments->formats,
                   "reports as NAME[:FILE]; without one to stdout, pretty is")
      ->allow_extra_args(false);
  command->add_option("--color", arguments->color, "colour: auto, always or never");
  command->add_option("--project", arguments->project, "Folder whose runs are meant");
  command->footer(
      "Starts nothing. Exit 0 when the reports were written, whatever the run came to.\n"
      "Example: muster report latest --format html:report.html --format trace:trace.json");
  return [arguments] {
    const auto done = report(*arguments);
    if (!done) std::cerr << render(done.error());
    return done ? 0 : 1;
  };
}

}  // namespace muster::app
