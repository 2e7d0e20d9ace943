#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/place.hpp"

namespace muster::messages {

enum class SourceMediaType { plain, markdown };

/// The text of a feature file, as it was read.
struct Source {
  std::string uri;
  std::string data;
  SourceMediaType media_type = SourceMediaType::plain;

  friend bool operator==(const Source&, const Source&) = default;
};

struct Comment {
  Location location;
  std::string text;  ///< the whole line, leading blanks included

  friend bool operator==(const Comment&, const Comment&) = default;
};

struct Tag {
  Location location;
  std::string name;  ///< with its `@`
  std::string id;

  friend bool operator==(const Tag&, const Tag&) = default;
};

struct TableCell {
  Location location;
  std::string value;

  friend bool operator==(const TableCell&, const TableCell&) = default;
};

struct TableRow {
  Location location;
  std::vector<TableCell> cells;
  std::string id;

  friend bool operator==(const TableRow&, const TableRow&) = default;
};

struct DataTable {
  Location location;
  std::vector<TableRow> rows;

  friend bool operator==(const DataTable&, const DataTable&) = default;
};

struct DocString {
  Location location;
  std::optional<std::string> media_type;
  std::string content;
  std::string delimiter;

  friend bool operator==(const DocString&, const DocString&) = default;
};

/// `unknown` is what a keyword of several phases gives, `*` in every dialect.
enum class StepKeywordType { unknown, context, action, outcome, conjunction };

struct Step {
  Location location;
  std::string keyword;  ///< as written, with its trailing blank
  std::optional<StepKeywordType> keyword_type;
  std::string text;
  std::optional<DocString> doc_string;
  std::optional<DataTable> data_table;
  std::string id;

  friend bool operator==(const Step&, const Step&) = default;
};

struct Examples {
  Location location;
  std::vector<Tag> tags;
  std::string keyword;
  std::string name;
  std::string description;
  std::optional<TableRow> table_header;
  std::vector<TableRow> table_body;
  std::string id;

  friend bool operator==(const Examples&, const Examples&) = default;
};

struct Background {
  Location location;
  std::string keyword;
  std::string name;
  std::string description;
  std::vector<Step> steps;
  std::string id;

  friend bool operator==(const Background&, const Background&) = default;
};

struct Scenario {
  Location location;
  std::vector<Tag> tags;
  std::string keyword;
  std::string name;
  std::string description;
  std::vector<Step> steps;
  std::vector<Examples> examples;
  std::string id;

  friend bool operator==(const Scenario&, const Scenario&) = default;
};

/// One of the two.
struct RuleChild {
  std::optional<Background> background;
  std::optional<Scenario> scenario;

  friend bool operator==(const RuleChild&, const RuleChild&) = default;
};

struct Rule {
  Location location;
  std::vector<Tag> tags;
  std::string keyword;
  std::string name;
  std::string description;
  std::vector<RuleChild> children;
  std::string id;

  friend bool operator==(const Rule&, const Rule&) = default;
};

/// One of the three.
struct FeatureChild {
  std::optional<Rule> rule;
  std::optional<Background> background;
  std::optional<Scenario> scenario;

  friend bool operator==(const FeatureChild&, const FeatureChild&) = default;
};

struct Feature {
  Location location;
  std::vector<Tag> tags;
  std::string language;
  std::string keyword;
  std::string name;
  std::string description;
  std::vector<FeatureChild> children;

  friend bool operator==(const Feature&, const Feature&) = default;
};

/// The tree of a feature file; `feature` is absent when the file has none.
struct GherkinDocument {
  std::optional<std::string> uri;
  std::optional<Feature> feature;
  std::vector<Comment> comments;

  friend bool operator==(const GherkinDocument&, const GherkinDocument&) = default;
};

struct ParseError {
  SourceReference source;
  std::string message;

  friend bool operator==(const ParseError&, const ParseError&) = default;
};

}  // namespace muster::messages
