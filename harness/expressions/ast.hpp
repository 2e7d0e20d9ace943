#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::expressions {

enum class NodeType { text, optional, alternation, alternative, parameter, expression };

/// The name that cucumber/cucumber-expressions gives a type, e.g. `TEXT_NODE`.
std::string_view to_string(NodeType type);

/// A node of a parsed Cucumber Expression. `start` and `end` are code points from the start of the
/// expression; a text node has a `token` (without escapes), every other has `nodes`.
struct Node {
  NodeType type = NodeType::text;
  std::size_t start = 0;
  std::size_t end = 0;
  std::string token;
  std::vector<Node> nodes;

  /// The text of the node or of all nodes in it.
  std::string text() const;
};

/// The tree of a Cucumber Expression (grammar of cucumber/cucumber-expressions, ARCHITECTURE.md).
/// Optionals nest at most 100 deep here.
Result<Node> parse(std::string_view expression);

}  // namespace muster::expressions
