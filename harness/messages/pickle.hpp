#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/place.hpp"

namespace muster::messages {

enum class PickleStepType { unknown, context, action, outcome };

struct PickleDocString {
  std::optional<int> argument_index;  ///< 1 or 2, when the step has a table as well
  std::optional<std::string> media_type;
  std::string content;

  friend bool operator==(const PickleDocString&, const PickleDocString&) = default;
};

struct PickleTableCell {
  std::string value;

  friend bool operator==(const PickleTableCell&, const PickleTableCell&) = default;
};

struct PickleTableRow {
  std::vector<PickleTableCell> cells;

  friend bool operator==(const PickleTableRow&, const PickleTableRow&) = default;
};

struct PickleTable {
  std::optional<int> argument_index;  ///< 1 or 2, when the step has a doc string as well
  std::vector<PickleTableRow> rows;

  friend bool operator==(const PickleTable&, const PickleTable&) = default;
};

/// A doc string, a table, or both.
struct PickleStepArgument {
  std::optional<PickleDocString> doc_string;
  std::optional<PickleTable> data_table;

  friend bool operator==(const PickleStepArgument&, const PickleStepArgument&) = default;
};

struct PickleStep {
  std::optional<PickleStepArgument> argument;
  std::vector<std::string>
      ast_node_ids;  ///< the step, then the row of the examples if there is one
  std::string id;
  std::optional<PickleStepType> type;
  std::string text;

  friend bool operator==(const PickleStep&, const PickleStep&) = default;
};

struct PickleTag {
  std::string name;
  std::string ast_node_id;

  friend bool operator==(const PickleTag&, const PickleTag&) = default;
};

/// One runnable example: a scenario, or a row of an outline with its values filled in.
struct Pickle {
  std::string id;
  std::string uri;
  std::optional<Location> location;  ///< of the scenario, or of the row
  std::string name;
  std::string language;
  std::vector<PickleStep> steps;
  std::vector<PickleTag> tags;
  std::vector<std::string> ast_node_ids;  ///< the scenario, then the row

  friend bool operator==(const Pickle&, const Pickle&) = default;
};

}  // namespace muster::messages
