#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/profile_command.hpp"
#include "app/profile_features.hpp"
#include "app/profile_project.hpp"
#include "profile/audit.hpp"

namespace muster::app {
namespace {

struct AuditArguments {
  std::vector<std::string> features;
  std::string project;
  std::string tier = "0";
  bool write = false;
  bool json = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

Result<profile::Audit> audit_once(const profile::Settings& settings,
                                  const ProfileFeatures& features, const std::string& tier) {
  const auto steps = steps_in(features, tier);
  if (!steps) return steps.error();
  return profile::audit(settings, *steps);
}

int audit_command(const AuditArguments& arguments) {
  const auto project = project_under_test(arguments.project);
  if (!project) return fail(project.error());
  const auto settings = profile::read_settings(*project->config, project->folder);
  if (!settings) return fail(settings.error());
  ProfileFeatures features = profile_features(arguments.features, project->folder);
  auto audit = audit_once(*settings, features, arguments.tier);
  if (!audit) return fail(audit.error());
  if (arguments.write) {
    const std::string file = features.folder + "/audited.feature";
    const auto written = profile::write_scenarios(*audit, file);
    if (!written) return fail(written.error());
    if (*written == 0) {
      std::cerr << "muster: nothing to add\n";
    } else {
      std::cerr << "muster: " << *written << " scenarios added to " << file << '\n';
      if (features.paths.empty()) features.paths = {features.folder};
      // what was written counts by the rules that hold for what people write
      audit = audit_once(*settings, features, arguments.tier);
      if (!audit) return fail(audit.error());
    }
  }
  DataOutput out;
  out.pending() =
      arguments.json ? dump_json(profile::to_json(*audit)) + "\n" : profile::render(*audit);
  if (const auto written = out.finish(); !written) return fail(written.error());
  return audit->ok() ? 0 : 1;
}

}  // namespace

Execute add_profile_audit_command(CLI::App& app, const std::string&) {
  auto arguments = std::make_shared<AuditArguments>();
  auto* command = app.add_subcommand(
      "audit", "Lists what could break a deployment and is named by no scenario; exit 1 then");
  command->add_option("features", arguments->features,
                      "Scenarios of the profile (default: features/runtime_profile of the "
                      "project, else of the current folder)");
  command->add_option("--project", arguments->project,
                      "Folder of the project (default: that of the nearest muster.toml)");
  command->add_option("--tier", arguments->tier,
                      "Scenarios tagged above it do not count: 0 (default), 1, … or cai");
  command->add_flag("--write", arguments->write,
                    "Adds the scenarios, in audited.feature beside the others");
  command->add_flag("--json", arguments->json, "One JSON object on stdout");
  command->footer(
      "Entry points, modules, scripts with an exec bit, configuration keys, migrations and .proto\n"
      "files are compared with what the steps of the scenarios name.\n"
      "Example: muster profile audit --write");
  return [arguments] { return audit_command(*arguments); };
}

}  // namespace muster::app
