#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::expressions {

/// A boolean expression over tags (cucumber/tag-expressions): `and`, `or`, `not`, parentheses; `\ `
/// `\(` `\)` `\\` escape. The empty expression is true for everything. Cheap to copy.
class TagExpression {
 public:
  struct Node;

  /// True for everything.
  TagExpression() = default;

  /// Parses. Errors carry line 1, column and the source: `tag_expression_syntax`,
  /// `tag_expression_too_deep` (more than 1,000 open parentheses and `not`s).
  static Result<TagExpression> parse(std::string_view source);

  /// True when the tags (each with its `@`) fulfil the expression.
  bool evaluate(const std::vector<std::string>& tags) const;

  /// The expression with all parentheses, as cucumber/tag-expressions prints it; empty for the
  /// empty expression.
  std::string to_string() const;

  /// The tags that it names, in order of appearance, without repetition.
  std::vector<std::string> tags() const;

 private:
  std::shared_ptr<const std::vector<Node>> nodes_;  // in postfix order
};

}  // namespace muster::expressions
