#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::expressions {

/// A kind of argument that `{name}` stands for.
struct ParameterType {
  std::string name;  ///< empty for the anonymous type `{}`
  std::vector<std::string>
      patterns;                  ///< regular expressions, without `^` and `$`; any of them may fit
  bool use_for_snippets = true;  ///< proposed when a step is undefined
  bool prefer_for_regular_expression_match =
      false;  ///< wins when a regular expression has the same pattern
  bool builtin = false;
};

/// The parameter types of a run: the built-in ones (int float word string {} byte short long double
/// bigdecimal biginteger, with the patterns of cucumber/cucumber-expressions) and those that were
/// added. Compile expressions after all are added.
class ParameterTypes {
 public:
  /// Holds the built-in types.
  ParameterTypes();

  /// Adds a type. Errors: `parameter_type_name` (illegal characters), `parameter_type_duplicate`,
  /// `parameter_type_preferential` (two preferential types of one pattern),
  /// `parameter_type_pattern` (no pattern, or one that neither RE2 nor Boost.Regex takes).
  Result<void> add(ParameterType type);

  /// The type of that name, or nullptr. Stays valid as long as this object.
  const ParameterType* find(std::string_view name) const;

  /// The types that have exactly this pattern, the preferential one first, else by name.
  std::vector<const ParameterType*> with_pattern(std::string_view pattern) const;

  /// All types in order of registration, the built-in ones first.
  const std::deque<ParameterType>& all() const { return types_; }

  /// The names, for a "did you mean".
  std::vector<std::string> names() const;

 private:
  std::deque<ParameterType> types_;
};

}  // namespace muster::expressions
