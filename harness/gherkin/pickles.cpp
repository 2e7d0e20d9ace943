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
void append(std::vector<const Item*>& all, tree::List<Item> items) {
  for (const Item& item : items) all.push_back(&item);
}

}  // namespace

std::vector<tree::Pickle> PickleCompiler::compile(const tree::Document& document) {
  if (document.feature == nullptr) return {};
  append(tags_, document.feature->tags);
  compile_children(document.feature->children);
  return std::move(pickles_);
}

void PickleCompiler::compile_children(tree::List<tree::Child> children) {
  for (const auto& child : children) {
    if (child.background != nullptr) append(background_, child.background->steps);
    if (child.scenario != nullptr) compile_scenario(*child.scenario);
    if (child.rule == nullptr) continue;
    const std::size_t outer_steps = background_.size();
    const std::size_t outer_tags = tags_.size();
    append(tags_, child.rule->tags);
    compile_children(child.rule->children);
    background_.resize(outer_steps);
    tags_.resize(outer_tags);
  }
}

void PickleCompiler::compile_scenario(const tree::Scenario& scenario) {
  if (!failures_.empty()) return;
  const std::size_t outer_tags = tags_.size();
  append(tags_, scenario.tags);
  if (scenario.examples.empty()) {
    add_pickle(scenario, tags_around(), nullptr, nullptr);
  } else {
    compile_outline(scenario);
  }
  tags_.resize(outer_tags);
}

void PickleCompiler::compile_outline(const tree::Scenario& scenario) {
  for (const auto& examples : scenario.examples) {
    if (examples.header == nullptr) continue;
    Placeholders values(*examples.header, arena_, budget_);
    const std::size_t outer_tags = tags_.size();
    append(tags_, examples.tags);
    const Tags tags = tags_around();
    for (const auto& row : examples.body) {
      if (!failures_.empty()) break;
      values.use(row);
      add_pickle(scenario, tags, &values, &row);
    }
    tags_.resize(outer_tags);
  }
}

PickleCompiler::Tags PickleCompiler::tags_around() {
  return arena_.copy(Tags(tags_));
}

void PickleCompiler::add_pickle(const tree::Scenario& scenario, Tags tags, Placeholders* values,
                                const tree::TableRow* row) {
  phase_ = StepKeywordType::unknown;
  const std::size_t background = scenario.steps.empty() ? 0 : background_.size();
  const auto steps = arena_.make<tree::PickleStep>(background + scenario.steps.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < background && !budget_.over(); ++i) {
    steps[count++] = make_step(*background_[i], nullptr, false);
  }
  for (const auto& step : scenario.steps) {
    if (budget_.over()) break;
    steps[count++] = make_step(step, values, row != nullptr);
  }
  tree::Pickle pickle;
  pickle.scenario = &scenario;
  pickle.row = row;
  pickle.name = values != nullptr ? values->fill(scenario.title.name) : scenario.title.name;
  pickle.steps = steps.first(count);
  pickle.tags = tags;
  pickle.id = ids_.next_number();
  pickles_.push_back(pickle);
  budget_.spend(sizeof(messages::Pickle) + pickle.name.size() +
                tags.size() * sizeof(messages::PickleTag));
  const tree::Place& at = row != nullptr ? row->place : scenario.title.place;
  if (pickles_.size() > limits_.pickles) {
    failures_.add(at.line, at.column,
                  "the file gives more than " + std::to_string(limits_.pickles) + " pickles");
  } else if (budget_.over()) {
    failures_.add(at.line, at.column,
                  "the pickles of the file take more than " + std::to_string(limits_.pickle_bytes) +
                      " bytes");
  }
}

tree::PickleStep PickleCompiler::make_step(const tree::Step& step, Placeholders* values,
                                           bool outline) {
  if (step.keyword_type != StepKeywordType::conjunction) phase_ = step.keyword_type;
  tree::PickleStep made;
  made.step = &step;
  made.of_row = outline;
  made.type = type_of(phase_);
  made.text = values != nullptr && step.has_placeholders ? values->fill(step.text) : step.text;
  made.id = ids_.next_number();
  budget_.spend(sizeof(messages::PickleStep) + 2 * sizeof(std::string) + made.text.size());
  if (step.doc_string != nullptr) {
    const bool fill = values != nullptr && step.doc_string->has_placeholders;
    made.doc_string = fill ? filled(*step.doc_string, *values) : step.doc_string;
    budget_.spend(made.doc_string->content.size());
  }
  if (step.data_table != nullptr) {
    const bool fill = values != nullptr && step.data_table->has_placeholders;
    made.data_table = fill ? filled(*step.data_table, *values) : step.data_table;
    if (!fill) budget_.spend(made.data_table->pickle_bytes);
  }
  return made;
}

const tree::DocString* PickleCompiler::filled(const tree::DocString& doc_string,
                                              Placeholders& values) {
  tree::DocString made = doc_string;
  made.content = values.fill(doc_string.content);
  if (doc_string.media_type) made.media_type = values.fill(*doc_string.media_type);
  const bool same = made.content.data() == doc_string.content.data() &&
                    (!made.media_type || made.media_type->data() == doc_string.media_type->data());
  return same ? &doc_string : arena_.make_one(made);
}

const tree::DataTable* PickleCompiler::filled(const tree::DataTable& table, Placeholders& values) {
  tree::DataTable made = table;
  const auto rows = arena_.make<tree::TableRow>(table.rows.size());
  std::size_t count = 0;
  for (const auto& row : table.rows) {
    if (budget_.over()) break;
    const auto cells = arena_.copy(row.cells);
    std::size_t bytes = sizeof(messages::PickleTableRow);
    for (auto& cell : cells) {
      cell.value = values.fill(cell.value);
      bytes += sizeof(messages::PickleTableCell) + cell.value.size();
    }
    budget_.spend(bytes);
    rows[count] = row;
    rows[count++].cells = cells;
  }
  made.rows = rows.first(count);
  return arena_.make_one(made);
}

}  // namespace muster::gherkin
