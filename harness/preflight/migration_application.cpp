#include "preflight/migration_application.hpp"

#include <map>

#include "base/text.hpp"
#include "preflight/check_program.hpp"

namespace muster::preflight {
namespace {

void skip_silently(const std::vector<MigrationInput>& inputs, MigrationReport& report) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    FileReport& file = report.files[i];
    file.application = !inputs[i].unreadable.empty()        ? "error"
                       : up_line_of(inputs[i].contents) > 0 ? "ok"
                                                            : "skipped";
  }
}

void fail(MigrationReport& report, std::string message) {
  report.findings.push_back({0, Level::error, "application-runner", std::move(message),
                             "it prints a line of JSON for each file: {\"file\": …, "
                             "\"application\": \"ok\"|\"skipped\"|\"error\"}"});
}

/// Takes one line of the runner; false when it is not of the form.
bool take(const std::string& line, std::map<std::string, FileReport*>& files) {
  const Result<Json> json = parse_json(line, 8);
  if (!json) return false;
  const std::string file = string_at(*json, "file");
  const std::string application = string_at(*json, "application");
  if (application != "ok" && application != "skipped" && application != "error") return false;
  const auto found = files.find(file);
  if (found == files.end()) return true;  // it may read more than dbmate does
  found->second->application = application;
  found->second->application_message = string_at(*json, "message");
  return true;
}

void run_command(const std::string& dir, const ApplicationRunner& runner, const Deadline& deadline,
                 MigrationReport& report) {
  ProgramCall call;
  call.name = "application-runner";
  call.argv = runner.command;
  call.argv.push_back(dir);
  call.cwd = runner.cwd.empty() ? dir : runner.cwd;
  call.env = inherited_environment();
  const Result<ProgramOutput> output = run_program(call, deadline);
  if (!output) {
    fail(report, "the application's runner did not run: " + output.error().message);
    return;
  }
  if (!output->exit.success()) {
    fail(report, "the application's runner " + to_string(output->exit) + ": " +
                     join(last_lines(output->err, 3), " / "));
    return;
  }
  std::map<std::string, FileReport*> files;
  for (FileReport& file : report.files) files[file.file] = &file;
  for (const std::string& line : split(output->out, '\n')) {
    if (trim(line).empty() || take(line, files)) continue;
    fail(report, "the application's runner printed `" + shorten(line, 80) + "`");
    return;
  }
}

}  // namespace

void read_as_application(const std::string& dir, const std::vector<MigrationInput>& inputs,
                         const ApplicationRunner& runner, const Deadline& deadline,
                         MigrationReport& report) {
  if (runner.command.empty()) {
    skip_silently(inputs, report);
    return;
  }
  run_command(dir, runner, deadline, report);
  for (FileReport& file : report.files) {
    // What its runner does not mention, the application does not apply.
    if (file.application.empty()) file.application = "skipped";
  }
}

}  // namespace muster::preflight
