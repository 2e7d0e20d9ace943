#include "report/document_index.hpp"

namespace muster::report {
namespace {

template <class Value>
const Value* find(const std::unordered_map<std::string, Value>& values, const std::string& id) {
  const auto found = values.find(id);
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

std::vector<std::string> names_of(const std::vector<messages::Tag>& tags) {
  std::vector<std::string> names;
  for (const messages::Tag& tag : tags) names.push_back(tag.name);
  return names;
}

DocumentIndex::DocumentIndex(const messages::GherkinDocument& document) {
  if (!document.feature) return;
  add(document.feature->tags, true);
  for (const messages::FeatureChild& child : document.feature->children) {
    if (child.background) add(*child.background);
    if (child.scenario) add(*child.scenario, nullptr);
    if (!child.rule) continue;
    rules_.push_back(Rule{child.rule->keyword, child.rule->name, names_of(child.rule->tags),
                          child.rule->location.line});
    add(child.rule->tags, true);
    for (const messages::RuleChild& inner : child.rule->children) {
      if (inner.background) add(*inner.background);
      if (inner.scenario) add(*inner.scenario, &rules_.back());
    }
  }
}

void DocumentIndex::add(const std::vector<messages::Tag>& tags, bool outer) {
  for (const messages::Tag& tag : tags) tags_[tag.id] = {tag.location.line, outer};
}

void DocumentIndex::add(const messages::Scenario& scenario, const Rule* rule) {
  // names with a placeholder may all become the same
  const std::string name = scenario.name.find('<') == std::string::npos ? scenario.name : "<>";
  const auto [first, is_first] = by_name_.try_emplace({rule, name}, scenario.id);
  if (!is_first) scenarios_[first->second].namesake = true;
  scenarios_[scenario.id] = {
      rule,     scenario.keyword, scenario.name, scenario.description, scenario.location.line,
      !is_first};
  add(scenario.tags, false);
  for (const messages::Examples& examples : scenario.examples) add(examples.tags, false);
  add(scenario.steps, nullptr);
  for (std::size_t table = 0; table < scenario.examples.size(); ++table) {
    const messages::Examples& examples = scenario.examples[table];
    for (std::size_t row = 0; row < examples.table_body.size(); ++row)
      rows_[examples.table_body[row].id] = {examples.name, table + 1, row + 1};
  }
}

void DocumentIndex::add(const messages::Background& background) {
  backgrounds_.push_back(
      {background.keyword, background.name, background.description, background.location.line});
  add(background.steps, &backgrounds_.back());
}

void DocumentIndex::add(const std::vector<messages::Step>& steps, const Background* background) {
  for (const messages::Step& step : steps)
    steps_[step.id] = {step.keyword, step.location.line,
                       step.doc_string ? step.doc_string->location.line : 0, background};
}

const DocumentIndex::Scenario* DocumentIndex::scenario(const std::string& id) const {
  return find(scenarios_, id);
}

const DocumentIndex::Step* DocumentIndex::step(const std::string& id) const {
  return find(steps_, id);
}

const DocumentIndex::Tag* DocumentIndex::tag(const std::string& id) const {
  return find(tags_, id);
}

const DocumentIndex::Row* DocumentIndex::row(const std::string& id) const {
  return find(rows_, id);
}

}  // namespace muster::report
