#include "app/runtimes_command.hpp"

#include <CLI/CLI.hpp>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/config_options.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "config/text_value.hpp"
#include "runtimes/config_keys.hpp"
#include "runtimes/listing.hpp"
#include "runtimes/migrations.hpp"
#include "runtimes/repository.hpp"
#include "runtimes/vocabulary.hpp"

namespace muster::app {
namespace {

struct RuntimesArguments {
  bool json = false;
  bool migrate = false;
  std::string database;  ///< empty: that of the configuration, else the rows that muster brings
  std::string role = "action";
  std::vector<std::string> required;
  std::string probe_timeout = "10s";
  ConfigOptions config;
};

Result<std::vector<runtimes::Runtime>> rows_of(const std::string& database, bool migrate) {
  if (database.empty()) return runtimes::core_pack();
  if (!migrate) return runtimes::stored_runtimes(database);
  auto repository = runtimes::open_repository(database);
  if (!repository) return repository.error();
  return (*repository)->all();
}

/// What is asked for, read before anything is probed.
Result<std::vector<runtimes::Requirement>> requirements_of(
    const std::vector<std::string>& texts, const std::vector<runtimes::Runtime>& rows,
    const runtimes::DetectOptions& options) {
  const auto claims = runtimes::claims_of(options);
  if (!claims) return claims.error();
  const runtimes::Vocabulary known(rows, *claims ? (*claims)->names : std::vector<std::string>());
  std::vector<runtimes::Requirement> requirements;
  for (const std::string& text : texts) {
    auto parsed = runtimes::parse_requirement(text);
    if (!parsed) return parsed.error();
    auto resolved = known.resolve(std::move(*parsed));
    if (!resolved) return resolved.error();
    requirements.push_back(std::move(*resolved));
  }
  return requirements;
}

Result<runtimes::Listing> list(const RuntimesArguments& arguments, const config::Config& config) {
  runtimes::DetectOptions options;
  options.role = arguments.role == "sensor" ? runtimes::Role::sensor : runtimes::Role::action;
  const auto timeout = config::read_duration(arguments.probe_timeout);
  if (!timeout || timeout->count() <= 0) {
    return error("bad_duration", "'" + arguments.probe_timeout + "' is no time for a probe",
                 "write it as in 500ms or 10s");
  }
  options.verify.limits.timeout = *timeout;
  auto configured = runtimes::configured_runtimes(config, options.role);
  if (!configured) return configured.error();
  options.configured = std::move(*configured);
  const auto database = config.find<std::string>("runtimes.database");
  if (!database) return database.error();
  const std::string where =
      arguments.database.empty() ? database->value_or("") : arguments.database;
  const auto rows = rows_of(where, arguments.migrate);
  if (!rows) return rows.error();
  auto requirements = requirements_of(arguments.required, *rows, options);
  if (!requirements) return requirements.error();

  auto capabilities = std::async(std::launch::async, [&options] {
    return runtimes::capabilities(runtimes::capability_names(), options.environment);
  });
  auto detection = runtimes::detect(*rows, options);
  runtimes::Listing listing;
  listing.capabilities = capabilities.get();
  if (!detection) return detection.error();
  listing.detection = std::move(*detection);
  listing.rows = where.empty() ? "the core pack" : redact(where);
  for (auto& each : *requirements) {
    auto answer = runtimes::meets(each, listing.detection, listing.capabilities);
    listing.demands.push_back({std::move(each), std::move(answer)});
  }
  return listing;
}

int runtimes_command(const RuntimesArguments& arguments) {
  const auto config = load_config(arguments.config);
  if (!config) return 1;
  const auto listing = list(arguments, *config);
  if (!listing) {
    std::cerr << render(listing.error());
    return 1;
  }
  std::cout << (arguments.json ? dump_json(runtimes::to_json(*listing)) + "\n"
                               : runtimes::render(*listing));
  for (const auto& each : listing->demands) {
    if (each.answer.met) continue;
    std::cerr << "muster: " << printable(each.requirement.text)
              << " is required and not there: " << printable(each.answer.reason) << '\n';
  }
  return listing->all_met() ? 0 : 1;
}

}  // namespace

Execute add_runtimes_command(CLI::App& app, const std::string&) {
  auto arguments = std::make_shared<RuntimesArguments>();
  auto* command = app.add_subcommand(
      "runtimes", "Lists the runtimes and capabilities of this host, each verified by running it");
  command->add_flag("--json", arguments->json, "One JSON object on stdout");
  auto* database = command->add_option(
      "--database", arguments->database,
      "PostgreSQL URL or SQLite file with the rows to verify (default: runtimes.database of "
      "muster.toml, else those that muster brings); it is only read");
  command
      ->add_flag("--migrate", arguments->migrate,
                 "Makes the database first, or brings its schema up to date")
      ->needs(database);
  command->add_option("--role", arguments->role, "Whose claims: action (default) or sensor")
      ->check(CLI::IsMember({"action", "sensor"}));
  command->add_option("--require", arguments->required,
                      "Exit 1 unless it is there: a runtime or capability, with a constraint if "
                      "wanted; may be repeated");
  command->add_option("--probe-timeout", arguments->probe_timeout,
                      "Time for one probe, which is killed then (default: 10s)");
  declare_config_options(*command, arguments->config);
  command->footer(
      "Claims are read from MUSTER_WORKER_RUNTIMES or MUSTER_SENSOR_RUNTIMES, else from [worker] "
      "or "
      "[sensor]\ncapabilities.runtimes in muster.toml.\n"
      "Example: muster runtimes --require 'python>=3.11' --require docker");
  return [arguments] { return runtimes_command(*arguments); };
}

}  // namespace muster::app
