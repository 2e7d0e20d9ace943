#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/pattern.hpp"
#include "expressions/expression.hpp"
#include "expressions/group_tree.hpp"
#include "expressions/program.hpp"

namespace muster::expressions {

/// What an Expression holds: exactly one of `program` (literal text and built-in types only) and
/// `regex`.
struct Expression::Compiled {
  std::string source;
  std::string pattern;
  std::string literal_prefix;
  std::vector<Fragment> fragments;
  bool regular_expression = false;
  std::vector<std::string> parameter_types;
  std::vector<bool> registered;    ///< per argument
  std::vector<GroupShape> groups;  ///< per argument
  std::optional<Program> program;
  std::optional<Pattern> regex;
};

/// The two kinds; `compile` chooses.
Result<Expression> compile_cucumber(std::string_view source, const ParameterTypes& types);
Result<Expression> compile_regex(std::string_view source, const ParameterTypes& types);

}  // namespace muster::expressions
