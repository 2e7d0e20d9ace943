#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace muster::expressions {

/// What one capture group took, with the groups inside it: the `Group` of Cucumber Messages.
/// `value` and `start` (in code points of the step text) are none when the group took no part in
/// the match; `children` stand in the order of their parentheses.
struct Group {
  std::optional<std::string> value;
  std::optional<std::size_t> start;
  std::vector<Group> children;

  friend bool operator==(const Group&, const Group&) = default;
};

/// One argument of a step: the `StepMatchArgument` of Cucumber Messages.
struct Argument {
  Group group;
  std::string
      parameter_type;  ///< name; empty for `{}`, and for a capture that is of no parameter type
  bool registered =
      true;  ///< false for a capture of a regular expression that is of no parameter type
  /// What a conversion takes: the values of the group's children, or of the group itself when it
  /// has none.
  std::vector<std::optional<std::string>> captures;

  friend bool operator==(const Argument&, const Argument&) = default;
};

/// A step text that fits an expression, its arguments in order.
struct Match {
  std::vector<Argument> arguments;

  friend bool operator==(const Match&, const Match&) = default;
};

/// The plain text of an argument: the first capture that took part; for the built-in `{string}`
/// without its quotes, `\"` and `\'` made plain. Empty when no capture took part.
std::string plain_text(const Argument& argument);

}  // namespace muster::expressions
