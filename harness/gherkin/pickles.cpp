#include "gherkin/pickles.hpp"

namespace muster::gherkin {
namespace {

using messages::PickleStepType;
using messages::StepKeywordType;

PickleStepType type_of(StepKeywordType phase) {
  switch (phase) {
    case StepKeywordType::context:
      return PickleStepType::context;
    case StepKeywordType::action:
      return PickleStepType::action;
    case StepKeywordType::outcome:
      return PickleStepType::outcome;
    case StepKeywordType::unknown:
    case StepKeywordType::conjunction:
      break;
  }
  return PickleStepType::unknown;
}

template <class Item>
void append(std::vector<const Item*>& all, const std::vector<Item>& items) {
  for (const Item& item : items) all.push_back(&item);
}

}  // namespace

std::vector<messages::Pickle> PickleCompiler::compile(const messages::GherkinDocument& document) {
  if (!document.feature) return {};
  const messages::Feature& feature = *document.feature;
  language_ = feature.language;
  append(tags_, feature.tags);
  for (const auto& child : feature.children) {
    if (child.background) append(background_, child.background->steps);
    if (child.scenario) compile_scenario(*child.scenario);
    if (!child.rule) continue;
    const std::size_t outer_steps = background_.size();
    const std::size_t outer_tags = tags_.size();
    append(tags_, child.rule->tags);
    for (const auto& inner : child.rule->children) {
      if (inner.background) append(background_, inner.background->steps);
      if (inner.scenario) compile_scenario(*inner.scenario);
    }
    background_.resize(outer_steps);
    tags_.resize(outer_tags);
  }
  return std::move(pickles_);
}

void PickleCompiler::compile_scenario(const messages::Scenario& scenario) {
  if (!failures_.empty()) return;
  const std::size_t outer_tags = tags_.size();
  append(tags_, scenario.tags);
  if (!scenario.examples.empty()) {
    compile_outline(scenario);
  } else {
    messages::Pickle& pickle = start(scenario.location);
    if (!scenario.steps.empty()) {
      pickle.steps.reserve(background_.size() + scenario.steps.size());
      for (const auto* step : background_) add_step(pickle, *step, nullptr, nullptr);
    }
    for (const auto& step : scenario.steps) add_step(pickle, step, nullptr, nullptr);
    pickle.ast_node_ids = {scenario.id};
    pickle.name = scenario.name;
    finish(pickle);
  }
  tags_.resize(outer_tags);
}

void PickleCompiler::compile_outline(const messages::Scenario& scenario) {
  for (const auto& examples : scenario.examples) {
    if (!examples.table_header) continue;
    Placeholders values(*examples.table_header, budget_);
    const std::size_t outer_tags = tags_.size();
    append(tags_, examples.tags);
    for (const auto& row : examples.table_body) {
      if (!failures_.empty()) break;
      values.use(row);
      messages::Pickle& pickle = start(row.location);
      if (!scenario.steps.empty()) {
        pickle.steps.reserve(background_.size() + scenario.steps.size());
        for (const auto* step : background_) add_step(pickle, *step, nullptr, nullptr);
      }
      for (const auto& step : scenario.steps) add_step(pickle, step, &values, &row);
      pickle.ast_node_ids = {scenario.id, row.id};
      pickle.name = values.fill(scenario.name);
      finish(pickle);
    }
    tags_.resize(outer_tags);
  }
}

messages::Pickle& PickleCompiler::start(const messages::Location& location) {
  phase_ = StepKeywordType::unknown;
  messages::Pickle& pickle = pickles_.emplace_back();
  pickle.uri = uri_;
  pickle.language = language_;
  pickle.location = location;
  return pickle;
}

void PickleCompiler::finish(messages::Pickle& pickle) {
  pickle.id = ids_.next();
  pickle.tags.reserve(tags_.size());
  for (const auto* tag : tags_) pickle.tags.push_back({tag->name, tag->id});
  budget_.spend(sizeof pickle + pickle.name.size() +
                pickle.tags.size() * sizeof(messages::PickleTag));
  const messages::Location& at = *pickle.location;
  if (pickles_.size() > limits_.pickles) {
    failures_.add(at.line, at.column.value_or(0),
                  "the file gives more than " + std::to_string(limits_.pickles) + " pickles");
  } else if (budget_.over()) {
    failures_.add(at.line, at.column.value_or(0),
                  "the pickles of the file take more than " + std::to_string(limits_.pickle_bytes) +
                      " bytes");
  }
}

void PickleCompiler::add_step(messages::Pickle& pickle, const messages::Step& step,
                              Placeholders* values, const messages::TableRow* row) {
  if (budget_.over()) return;
  if (step.keyword_type != StepKeywordType::conjunction) {
    phase_ = step.keyword_type.value_or(StepKeywordType::unknown);
  }
  messages::PickleStep& made = pickle.steps.emplace_back();
  made.ast_node_ids.reserve(row != nullptr ? 2 : 1);
  made.ast_node_ids.push_back(step.id);
  if (row != nullptr) made.ast_node_ids.push_back(row->id);
  made.type = type_of(phase_);
  made.text = values != nullptr ? values->fill(step.text) : step.text;
  made.id = ids_.next();
  budget_.spend(sizeof made + 2 * sizeof(std::string) + made.text.size());
  if (step.data_table || step.doc_string) add_argument(made, step, values);
}

void PickleCompiler::add_argument(messages::PickleStep& made, const messages::Step& step,
                                  Placeholders* values) {
  const auto filled = [&](const std::string& text) {
    return values != nullptr ? values->fill(text) : text;
  };
  const bool both = step.data_table && step.doc_string;
  const bool table_first = both && step.doc_string->location.line > step.data_table->location.line;
  messages::PickleStepArgument& argument = made.argument.emplace();
  if (step.doc_string) {
    messages::PickleDocString& doc_string = argument.doc_string.emplace();
    if (both) doc_string.argument_index = table_first ? 2 : 1;
    doc_string.content = filled(step.doc_string->content);
    if (step.doc_string->media_type) doc_string.media_type = filled(*step.doc_string->media_type);
    budget_.spend(doc_string.content.size());
  }
  if (!step.data_table) return;
  messages::PickleTable& table = argument.data_table.emplace();
  if (both) table.argument_index = table_first ? 1 : 2;
  table.rows.reserve(step.data_table->rows.size());
  for (const auto& row : step.data_table->rows) {
    if (budget_.over()) return;
    auto& cells = table.rows.emplace_back().cells;
    cells.reserve(row.cells.size());
    std::size_t bytes = sizeof(messages::PickleTableRow);
    for (const auto& cell : row.cells) {
      cells.push_back({filled(cell.value)});
      bytes += sizeof(messages::PickleTableCell) + cells.back().value.size();
    }
    budget_.spend(bytes);
  }
}

}  // namespace muster::gherkin
