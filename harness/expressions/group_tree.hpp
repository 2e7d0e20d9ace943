#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.hpp"
#include "expressions/match.hpp"

namespace muster::expressions {

/// The capture groups of a regular expression as they stand in each other.
struct GroupShape {
  std::string source;  ///< what stands between its parentheses
  std::size_t index = 0;
  std::vector<GroupShape> children;
};

/// What can be told of a regular expression by its text.
struct RegexShape {
  std::vector<GroupShape> groups;  ///< the outermost ones
  std::size_t count = 0;           ///< of all
  std::string literal_prefix;      ///< text that every match begins with, when it starts with `^`
};

/// Reads the text of a regular expression that an engine took. `groups` of a pattern whose syntax
/// it does not see through
/// (`count` differs from the engine's) are better taken as flat: `flat_shape`.
RegexShape shape_of(std::string_view source);
RegexShape flat_shape(std::size_t groups);

/// The group of `shape` with its children, filled from the spans of a match of `text`.
Group build_group(const GroupShape& shape, std::string_view text,
                  const std::vector<std::optional<Span>>& spans);

/// A group without children.
Group leaf_group(std::string_view text, const std::optional<Span>& span);

/// What conversions take of a group.
std::vector<std::optional<std::string>> captures_of(const Group& group);

}  // namespace muster::expressions
