#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/profile_command.hpp"
#include "app/profile_project.hpp"
#include "base/text.hpp"
#include "profile/postgres_trip.hpp"
#include "profile/settings.hpp"

namespace muster::app {
namespace {

struct MigrationsArguments {
  std::string dir;
  std::vector<std::string> dialects;
  std::string project;
  std::string postgres;
  bool json = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

Result<preflight::MigrationOptions> options_of(const MigrationsArguments& arguments) {
  const auto project = project_around(arguments.project, arguments.dir);
  if (!project) return project.error();
  auto settings = profile::read_settings(*project->config, project->folder);
  if (!settings) return settings.error();
  preflight::MigrationOptions options = std::move(settings->migrations);
  if (!arguments.postgres.empty()) options.postgres = profile::postgres_trip_at(arguments.postgres);
  if (!arguments.dialects.empty()) options.dialects.clear();
  for (const std::string& name : arguments.dialects) {
    const auto dialect = preflight::dialect_from_string(name);
    if (!dialect) {
      return error("bad_dialect", "there is no dialect " + name, "--dialect postgres,sqlite,mysql");
    }
    options.dialects.push_back(*dialect);
  }
  return options;
}

int migrations_command(const MigrationsArguments& arguments) {
  const auto options = options_of(arguments);
  if (!options) return fail(options.error());
  const preflight::MigrationReport report = preflight::check_migrations(arguments.dir, *options);
  DataOutput out;
  out.pending() += arguments.json ? dump_json(to_json(report)) + "\n" : render(report);
  if (auto written = out.finish(); !written) return fail(written.error());
  return report.ok() ? 0 : 1;
}

}  // namespace

Execute add_profile_migrations_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<MigrationsArguments>();
  auto& arguments = *shared;
  auto* command = app.add_subcommand(
      "migrations",
      "Checks dbmate migrations as dbmate, the application and the databases read them");
  command->add_option("dir", arguments.dir, "The folder of the migrations")->required();
  command
      ->add_option("--dialect", arguments.dialects,
                   "postgres, sqlite, mysql; several with commas (default: what muster.toml says, "
                   "else postgres)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--postgres", arguments.postgres,
                      "Applies UP, DOWN and UP on PostgreSQL, too: the URL of a server, or start "
                      "for one that is started for it (default: what muster.toml says, else off)");
  command->add_flag("--json", arguments.json, "As one JSON object");
  command->add_option("--project", arguments.project,
                      "Folder whose muster.toml counts (default: the nearest above the folder)");
  command->footer("Example: muster profile migrations db/migrations --dialect postgres,sqlite");
  return [shared] { return migrations_command(*shared); };
}

}  // namespace muster::app
