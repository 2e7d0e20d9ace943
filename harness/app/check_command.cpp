#include "app/check_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/config_options.hpp"
#include "app/data_output.hpp"
#include "app/step_check.hpp"
#include "app/step_library.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "run/run_settings.hpp"

namespace muster::app {
namespace {

struct CheckArguments {
  ScenarioArguments scenarios;
  std::string format = "text";
  bool strict = false;
  bool keyword_bound = false;
  ConfigOptions config;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

std::string indented(std::string_view text) {
  std::string made;
  for (const auto& line : split(text, '\n')) made += "    " + line + "\n";
  return made;
}

std::string where(const steps::Library& library, std::size_t definition) {
  const auto& step = library.steps[definition];
  return fmt::format("{}:{}: ", step.file, step.line);
}

std::string text_of(const StepFinding& finding, const steps::Library& library) {
  const bool undefined = finding.definitions.empty();
  std::string text = fmt::format("{}: {}: {}\n", to_string(finding.place),
                                 undefined ? "undefined" : "ambiguous", printable(finding.text));
  for (const std::size_t definition : finding.definitions) {
    text += "    " + where(library, definition) + as_written(library.steps[definition]) + "\n";
  }
  if (!finding.near.empty()) text += "  hint: did you mean " + finding.near + "?\n";
  if (!finding.snippet.empty()) text += indented(finding.snippet);
  return text;
}

std::string text_of(const StepCheck& check, const steps::Library& library) {
  std::string text;
  for (const auto& finding : check.findings) text += text_of(finding, library);
  for (const auto& scenario : check.empty) {
    text += fmt::format("{}: no steps: {}\n", to_string(scenario.place), printable(scenario.name));
  }
  for (const std::size_t definition : check.unused) {
    text += where(library, definition) + "unused: " + as_written(library.steps[definition]) + "\n";
  }
  return text;
}

Json json_of(const StepCheck& check, const steps::Library& library) {
  Json undefined = Json::array();
  Json ambiguous = Json::array();
  for (const auto& finding : check.findings) {
    Json made = {{"uri", finding.place.uri},
                 {"line", finding.place.line},
                 {"column", finding.place.column},
                 {"text", finding.text},
                 {"scenarios", finding.scenarios}};
    if (finding.definitions.empty()) {
      made["snippet"] = finding.snippet;
      if (!finding.near.empty()) made["near"] = finding.near;
      undefined.push_back(std::move(made));
      continue;
    }
    made["definitions"] = Json::array();
    for (const std::size_t definition : finding.definitions) {
      made["definitions"].push_back(to_json(library.steps[definition]));
    }
    ambiguous.push_back(std::move(made));
  }
  Json unused = Json::array();
  for (const std::size_t definition : check.unused) {
    unused.push_back(to_json(library.steps[definition]));
  }
  Json empty = Json::array();
  for (const auto& scenario : check.empty) {
    empty.push_back({{"uri", scenario.place.uri},
                     {"line", scenario.place.line},
                     {"column", scenario.place.column},
                     {"name", scenario.name}});
  }
  return {{"scenarios", check.scenarios},      {"steps", check.steps},
          {"undefined", std::move(undefined)}, {"ambiguous", std::move(ambiguous)},
          {"empty", std::move(empty)},         {"unused", std::move(unused)}};
}

int check_command(const CheckArguments& arguments, const CLI::App& command) {
  std::vector<config::Override> given;
  if (command.get_option("--keyword-bound")->count() > 0) {
    given.push_back(
        {"run.keyword-bound", {arguments.keyword_bound ? "true" : "false"}, "--keyword-bound"});
  }
  const auto config = load_config(arguments.config, std::move(given));
  if (!config) return 1;
  const auto settings = run::read_run_settings(*config);
  if (!settings) return fail(settings.error());
  const auto library = compile_library();
  if (!library) return fail(library.error());
  const auto scenarios = choose_scenarios(arguments.scenarios);
  if (!scenarios) return fail(scenarios.error());
  run::Matching matching(*library, settings->keyword_bound);
  const StepCheck check = check_steps(*scenarios, matching);
  for (const std::size_t definition : check.slow) {
    std::cerr << render(too_slow(library->steps[definition]));
  }
  DataOutput out;
  out.pending() = arguments.format == "json" ? json_of(check, *library).dump(2) + "\n"
                                             : text_of(check, *library);
  if (const auto written = out.finish(); !written) return fail(written.error());
  std::size_t undefined = 0;
  for (const auto& finding : check.findings) undefined += finding.definitions.empty() ? 1 : 0;
  std::cerr << fmt::format("{} scenarios, {} steps: {} undefined, {} ambiguous, {} unused\n",
                           check.scenarios, check.steps, undefined,
                           check.findings.size() - undefined, check.unused.size());
  const bool strictly = check.unused.empty() && check.empty.empty();
  const bool good = check.findings.empty() && check.slow.empty();
  return good && (strictly || !arguments.strict) ? 0 : 1;
}

}  // namespace

Execute add_check_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<CheckArguments>();
  auto* command = app.add_subcommand(
      "check", "Finds undefined and ambiguous steps and unused definitions; runs nothing");
  declare_scenario_options(*command, shared->scenarios);
  command->add_option("--format", shared->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_flag("--strict", shared->strict,
                    "Unused definitions and scenarios without steps fail the check as well");
  command->add_flag(
      "--keyword-bound,!--no-keyword-bound", shared->keyword_bound,
      "GIVEN, WHEN and THEN match only steps of their own keyword; also run.keyword-bound in "
      "muster.toml");
  declare_config_options(*command, shared->config);
  command->footer(
      "Exit 1 when a step is undefined or ambiguous, or a file does not parse.\n"
      "Example: muster check features --tags 'not @wip'");
  return [shared, command] { return check_command(*shared, *command); };
}

}  // namespace muster::app
