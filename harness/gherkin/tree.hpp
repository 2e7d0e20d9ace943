// A feature file as the parser makes it: the members of the GherkinDocument and Pickle messages, in
// views into the text and in lists that one arena holds. messages/document.hpp says what the
// members mean. A pickle shares what it does not change: the tables and doc strings of its steps,
// the tags.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "messages/document.hpp"
#include "messages/pickle.hpp"

namespace muster::gherkin::tree {

/// The number of an id, in the order of the official implementation; IncrementalIds::text writes
/// it.
using Id = std::uint64_t;
template <class T>
using List = std::span<const T>;

/// From 1, columns in code points.
struct Place {
  int line = 1;
  int column = 1;
};

struct Comment {
  Place place;
  std::string_view text;
};

struct Tag {
  Place place;
  std::string_view name;
  Id id = 0;
};

struct TableCell {
  Place place;
  std::string_view value;
};

struct TableRow {
  Place place;
  List<TableCell> cells;
  Id id = 0;
};

struct DataTable {
  Place place;
  List<TableRow> rows;
  std::size_t pickle_bytes = 0;   ///< what its rows take as messages of a pickle
  bool has_placeholders = false;  ///< there is a `<` in it
};

struct DocString {
  Place place;
  std::optional<std::string_view> media_type;
  std::string_view content;
  std::string_view delimiter;
  bool has_placeholders = false;  ///< there is a `<` in its content or media type
};

struct Step {
  Place place;
  std::string_view keyword;
  std::string_view text;
  messages::StepKeywordType keyword_type = messages::StepKeywordType::unknown;
  bool has_placeholders = false;  ///< there is a `<` in its text
  const DocString* doc_string = nullptr;
  const DataTable* data_table = nullptr;
  Id id = 0;
};

/// What feature, rule, background, scenario and examples begin with.
struct Title {
  Place place;
  std::string_view keyword;
  std::string_view name;
  std::string_view description;
};

struct Examples {
  Title title;
  List<Tag> tags;
  const TableRow* header = nullptr;
  List<TableRow> body;
  Id id = 0;
};

struct Background {
  Title title;
  List<Step> steps;
  Id id = 0;
};

struct Scenario {
  Title title;
  List<Tag> tags;
  List<Step> steps;
  List<Examples> examples;
  Id id = 0;
};

struct Rule;

/// One of the three; within a rule one of the first two.
struct Child {
  const Background* background = nullptr;
  const Scenario* scenario = nullptr;
  const Rule* rule = nullptr;
};

struct Rule {
  Title title;
  List<Tag> tags;
  List<Child> children;
  Id id = 0;
};

struct Feature {
  Title title;
  List<Tag> tags;
  std::string_view language;
  List<Child> children;
};

struct Document {
  const Feature* feature = nullptr;
  List<Comment> comments;
};

struct PickleStep {
  const Step* step = nullptr;  ///< that it was made of
  std::string_view text;
  messages::PickleStepType type = messages::PickleStepType::unknown;
  bool of_row = false;  ///< made with the row of the pickle: not of a background
  const DocString* doc_string = nullptr;
  const DataTable* data_table = nullptr;
  Id id = 0;
};

struct Pickle {
  const Scenario* scenario = nullptr;
  const TableRow* row = nullptr;  ///< of the examples; null for a plain scenario
  std::string_view name;
  List<PickleStep> steps;
  List<const Tag*> tags;
  Id id = 0;
};

}  // namespace muster::gherkin::tree
