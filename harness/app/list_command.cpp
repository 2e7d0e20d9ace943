#include "app/list_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "app/chosen_scenarios.hpp"
#include "app/data_output.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

struct ListArguments {
  ScenarioArguments scenarios;
  std::string format = "text";
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

std::string text_line(const messages::Pickle& pickle) {
  std::string line =
      pickle.uri + ":" + std::to_string(pickle.location->line) + ": " + printable(pickle.name);
  for (const auto& tag : pickle.tags)
    line += (&tag == &pickle.tags.front() ? "  " : " ") + tag.name;
  return line + "\n";
}

Json to_json(const messages::Pickle& pickle, const messages::Feature& feature,
             const NodeIndex& nodes) {
  Json tags = Json::array();
  for (const auto& tag : pickle.tags) tags.push_back(tag.name);
  Json steps = Json::array();
  for (const auto& step : pickle.steps) {
    const auto* written = nodes.step(step);
    Json made = {{"text", step.text}};
    if (written != nullptr) {
      made["keyword"] = trim(written->keyword);
      made["line"] = written->location.line;
    }
    steps.push_back(std::move(made));
  }
  Json made = {{"uri", pickle.uri},       {"line", pickle.location->line},
               {"name", pickle.name},     {"feature", feature.name},
               {"tags", std::move(tags)}, {"steps", std::move(steps)}};
  if (const auto rule = nodes.rule(pickle); !rule.empty()) made["rule"] = rule;
  return made;
}

int list_command(const ListArguments& arguments) {
  const auto scenarios = choose_scenarios(arguments.scenarios);
  if (!scenarios) return fail(scenarios.error());
  const bool json = arguments.format == "json";
  DataOutput out;
  std::optional<NodeIndex> nodes;
  std::size_t indexed = scenarios->features.size();
  if (json) out.pending() += "[";
  for (const auto& choice : scenarios->chosen) {
    const auto& feature = scenarios->features[choice.feature];
    const auto& pickle = feature.pickles[choice.pickle];
    if (!json) {
      out.pending() += text_line(pickle);
    } else {
      if (indexed != choice.feature) nodes.emplace(feature.document);
      indexed = choice.feature;
      out.pending() += &choice == &scenarios->chosen.front() ? "\n" : ",\n";
      out.pending() += dump_json(to_json(pickle, *feature.document.feature, *nodes));
    }
    out.maybe_flush();
  }
  if (json) out.pending() += "\n]\n";
  const auto written = out.finish();
  return written ? 0 : fail(written.error());
}

}  // namespace

Execute add_list_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<ListArguments>();
  auto* command =
      app.add_subcommand("list", "Lists scenarios with their places, without running them");
  declare_scenario_options(*command, shared->scenarios);
  command->add_option("--format", shared->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->footer("Example: muster list features --tags @lifecycle --format json");
  return [shared] { return list_command(*shared); };
}

}  // namespace muster::app
