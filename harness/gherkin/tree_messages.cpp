// The tree of a feature file as Cucumber Messages.
#include "gherkin/feature_tree.hpp"

namespace muster::gherkin {
namespace {

class Converter {
 public:
  explicit Converter(const IncrementalIds& ids) : ids_(ids) {}

  std::string id(tree::Id number) const { return ids_.text(number); }

  static messages::Location location(const tree::Place& place) {
    return {place.line, place.column};
  }

  messages::Feature feature(const tree::Feature& from) const {
    messages::Feature made;
    title(made, from.title);
    made.tags = list<messages::Tag>(from.tags);
    made.language = from.language;
    made.children.reserve(from.children.size());
    for (const auto& child : from.children) {
      auto& to = made.children.emplace_back();
      if (child.rule != nullptr) {
        rule(to.rule.emplace(), *child.rule);
      } else {
        background_or_scenario(to, child);
      }
    }
    return made;
  }

 private:
  template <class To>
  static void title(To& to, const tree::Title& from) {
    to.location = location(from.place);
    to.keyword = from.keyword;
    to.name = from.name;
    to.description = from.description;
  }

  template <class To, class From>
  std::vector<To> list(tree::List<From> from) const {
    std::vector<To> made;
    made.reserve(from.size());
    for (const auto& item : from) made.push_back(convert(item));
    return made;
  }

  messages::Tag convert(const tree::Tag& from) const {
    return {location(from.place), std::string(from.name), id(from.id)};
  }
  messages::TableCell convert(const tree::TableCell& from) const {
    return {location(from.place), std::string(from.value)};
  }
  messages::TableRow convert(const tree::TableRow& from) const {
    return {location(from.place), list<messages::TableCell>(from.cells), id(from.id)};
  }

  messages::Step convert(const tree::Step& from) const {
    messages::Step made;
    made.location = location(from.place);
    made.keyword = from.keyword;
    made.keyword_type = from.keyword_type;
    made.text = from.text;
    if (from.doc_string != nullptr) {
      auto& to = made.doc_string.emplace();
      to.location = location(from.doc_string->place);
      to.media_type = from.doc_string->media_type;
      to.content = from.doc_string->content;
      to.delimiter = from.doc_string->delimiter;
    }
    if (from.data_table != nullptr) {
      made.data_table = messages::DataTable{location(from.data_table->place),
                                            list<messages::TableRow>(from.data_table->rows)};
    }
    made.id = id(from.id);
    return made;
  }

  messages::Examples convert(const tree::Examples& from) const {
    messages::Examples made;
    title(made, from.title);
    made.tags = list<messages::Tag>(from.tags);
    if (from.header != nullptr) made.table_header = convert(*from.header);
    made.table_body = list<messages::TableRow>(from.body);
    made.id = id(from.id);
    return made;
  }

  template <class To>
  void background_or_scenario(To& to, const tree::Child& from) const {
    if (from.background != nullptr) {
      messages::Background& made = to.background.emplace();
      title(made, from.background->title);
      made.steps = list<messages::Step>(from.background->steps);
      made.id = id(from.background->id);
    } else {
      messages::Scenario& made = to.scenario.emplace();
      title(made, from.scenario->title);
      made.tags = list<messages::Tag>(from.scenario->tags);
      made.steps = list<messages::Step>(from.scenario->steps);
      made.examples = list<messages::Examples>(from.scenario->examples);
      made.id = id(from.scenario->id);
    }
  }

  void rule(messages::Rule& to, const tree::Rule& from) const {
    title(to, from.title);
    to.tags = list<messages::Tag>(from.tags);
    to.children.reserve(from.children.size());
    for (const auto& child : from.children) {
      background_or_scenario(to.children.emplace_back(), child);
    }
    to.id = id(from.id);
  }

  const IncrementalIds& ids_;
};

messages::PickleStepArgument argument_of(const tree::PickleStep& from) {
  const tree::DocString* doc_string = from.doc_string;
  const tree::DataTable* table = from.data_table;
  const bool both = doc_string != nullptr && table != nullptr;
  const bool table_first = both && doc_string->place.line > table->place.line;
  messages::PickleStepArgument made;
  if (doc_string != nullptr) {
    auto& to = made.doc_string.emplace();
    if (both) to.argument_index = table_first ? 2 : 1;
    to.media_type = doc_string->media_type;
    to.content = doc_string->content;
  }
  if (table == nullptr) return made;
  auto& to = made.data_table.emplace();
  if (both) to.argument_index = table_first ? 1 : 2;
  to.rows.reserve(table->rows.size());
  for (const auto& row : table->rows) {
    auto& cells = to.rows.emplace_back().cells;
    cells.reserve(row.cells.size());
    for (const auto& cell : row.cells) cells.push_back({std::string(cell.value)});
  }
  return made;
}

}  // namespace

messages::Source FeatureTree::source_message() const {
  using messages::SourceMediaType;
  const auto type = uri().ends_with(".md") ? SourceMediaType::markdown : SourceMediaType::plain;
  return {uri(), text(), type};
}

messages::GherkinDocument FeatureTree::document_message() const {
  messages::GherkinDocument made;
  made.uri = uri();
  if (document().feature != nullptr) made.feature = Converter(ids()).feature(*document().feature);
  made.comments.reserve(document().comments.size());
  for (const auto& comment : document().comments) {
    made.comments.push_back({Converter::location(comment.place), std::string(comment.text)});
  }
  return made;
}

messages::Pickle FeatureTree::message(const tree::Pickle& from) const {
  messages::Pickle made;
  made.id = ids().text(from.id);
  made.uri = uri();
  const tree::Place& place = from.row != nullptr ? from.row->place : from.scenario->title.place;
  made.location = Converter::location(place);
  made.name = from.name;
  made.language = document().feature->language;
  made.steps.reserve(from.steps.size());
  for (const auto& step : from.steps) {
    auto& to = made.steps.emplace_back();
    to.ast_node_ids.reserve(step.of_row ? 2 : 1);
    to.ast_node_ids.push_back(ids().text(step.step->id));
    if (step.of_row) to.ast_node_ids.push_back(ids().text(from.row->id));
    to.id = ids().text(step.id);
    to.type = step.type;
    to.text = step.text;
    if (step.doc_string != nullptr || step.data_table != nullptr) to.argument = argument_of(step);
  }
  made.tags.reserve(from.tags.size());
  for (const auto* tag : from.tags) {
    made.tags.push_back({std::string(tag->name), ids().text(tag->id)});
  }
  made.ast_node_ids.push_back(ids().text(from.scenario->id));
  if (from.row != nullptr) made.ast_node_ids.push_back(ids().text(from.row->id));
  return made;
}

}  // namespace muster::gherkin
