#include "app/capability_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "runtimes/config_keys.hpp"
#include "runtimes/gate.hpp"
#include "runtimes/repository.hpp"

namespace muster::app {
namespace {

using Requirements = std::map<std::string, runtimes::Requirement>;  ///< by tag

const messages::Tag* find_tag(const std::vector<messages::Tag>& tags, const std::string& id) {
  for (const auto& tag : tags) {
    if (tag.id == id) return &tag;
  }
  return nullptr;
}

const messages::Tag* find_tag(const messages::Scenario& scenario, const std::string& id) {
  if (const auto* tag = find_tag(scenario.tags, id)) return tag;
  for (const auto& examples : scenario.examples) {
    if (const auto* tag = find_tag(examples.tags, id)) return tag;
  }
  return nullptr;
}

template <class Children>
const messages::Tag* find_tag_below(const Children& children, const std::string& id) {
  for (const auto& child : children) {
    if (!child.scenario) continue;
    if (const auto* tag = find_tag(*child.scenario, id)) return tag;
  }
  return nullptr;
}

const messages::Tag* find_tag(const messages::Feature& feature, const std::string& id) {
  if (const auto* tag = find_tag(feature.tags, id)) return tag;
  if (const auto* tag = find_tag_below(feature.children, id)) return tag;
  for (const auto& child : feature.children) {
    if (!child.rule) continue;
    if (const auto* tag = find_tag(child.rule->tags, id)) return tag;
    if (const auto* tag = find_tag_below(child.rule->children, id)) return tag;
  }
  return nullptr;
}

Error at(Error problem, const run::LoadedFeature& feature, const messages::PickleTag& written) {
  problem.place.uri = feature.source.uri;
  const auto* tag =
      feature.document.feature ? find_tag(*feature.document.feature, written.ast_node_id) : nullptr;
  if (tag == nullptr) return problem;
  problem.place.line = static_cast<int>(tag->location.line);
  problem.place.column = static_cast<int>(tag->location.column.value_or(1));
  problem.excerpt = line_of(feature.source.data, problem.place.line);
  problem.width = static_cast<int>(code_points(tag->name));
  return problem;
}

/// What the tags of all chosen scenarios require.
Result<Requirements> read_tags(const std::vector<run::LoadedFeature>& features,
                               const std::vector<run::ChosenPickle>& chosen,
                               const runtimes::Gate& gate) {
  Requirements requirements;
  std::vector<Error> problems;
  std::set<std::string> seen;
  for (const auto& choice : chosen) {
    const auto& feature = features[choice.feature];
    for (const auto& tag : feature.pickles[choice.pickle].tags) {
      // a feature that was read without its document has no ids
      if (!seen.insert(tag.ast_node_id.empty() ? tag.name : tag.ast_node_id).second) continue;
      auto required = gate.requirement(tag.name);
      if (!required) {
        problems.push_back(at(required.error(), feature, tag));
      } else if (*required) {
        requirements.emplace(tag.name, std::move(**required));
      }
    }
  }
  if (problems.empty()) return requirements;
  for (std::size_t i = 0; i + 1 < problems.size(); ++i) std::cerr << render(problems[i]);
  return problems.back();
}

/// Most runs require nothing: their database, if there is one, is left alone.
bool requires_anything(const std::vector<run::LoadedFeature>& features,
                       const std::vector<run::ChosenPickle>& chosen) {
  return std::any_of(chosen.begin(), chosen.end(), [&](const auto& choice) {
    const auto& tags = features[choice.feature].pickles[choice.pickle].tags;
    return std::any_of(tags.begin(), tags.end(),
                       [](const auto& tag) { return runtimes::means_requirement(tag.name); });
  });
}

Result<runtimes::GateOptions> gate_options(const config::Config& config, bool needed) {
  runtimes::GateOptions options;
  if (!needed) return options;
  auto configured = runtimes::configured_runtimes(config, options.detect.role);
  if (!configured) return configured.error();
  options.detect.configured = std::move(*configured);
  const auto database = config.find<std::string>("runtimes.database");
  if (!database) return database.error();
  if (!*database) return options;
  auto rows = runtimes::stored_runtimes(**database);
  if (!rows) return rows.error();
  options.rows = std::move(*rows);
  return options;
}

std::optional<run::Closed> judge(const std::vector<std::string>& tags, bool strict,
                                 const Requirements& requirements, runtimes::Gate& gate) {
  for (const auto& tag : tags) {
    const auto required = requirements.find(tag);
    if (required == requirements.end()) continue;
    const auto answer = gate.answer({required->second});
    if (!answer) return run::Closed{true, answer.error().message};
    if (answer->met) continue;
    return run::Closed{strict, fmt::format("{} ({}{})", printable(answer->reason), tag,
                                           strict ? " under --strict-capabilities" : "")};
  }
  return std::nullopt;
}

}  // namespace

Result<run::Gate> capability_gate(const std::vector<run::LoadedFeature>& features,
                                  const std::vector<run::ChosenPickle>& chosen,
                                  const run::Gate& earlier, bool strict,
                                  const config::Config& config) {
  auto options = gate_options(config, requires_anything(features, chosen));
  if (!options) return options.error();
  auto made = runtimes::Gate::make(std::move(*options));
  if (!made) return made.error();
  const auto gate = std::make_shared<runtimes::Gate>(std::move(*made));
  auto requirements = read_tags(features, chosen, *gate);
  if (!requirements) return requirements.error();

  std::vector<runtimes::Requirement> needed;
  for (const auto& choice : chosen) {
    std::vector<std::string> tags;
    for (const auto& tag : features[choice.feature].pickles[choice.pickle].tags)
      tags.push_back(tag.name);
    if (earlier && earlier(tags)) continue;
    for (const auto& tag : tags) {
      if (const auto found = requirements->find(tag); found != requirements->end())
        needed.push_back(found->second);
    }
  }
  if (auto found = gate->find_out(needed); !found) return found.error();
  return run::Gate([=, requirements = std::move(*requirements)](const auto& tags) {
    if (earlier && earlier(tags)) return std::optional<run::Closed>();
    return judge(tags, strict, requirements, *gate);
  });
}

}  // namespace muster::app
