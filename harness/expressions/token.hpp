#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::expressions {

enum class TokenType {
  start_of_line,
  end_of_line,
  white_space,
  begin_optional,
  end_optional,
  begin_parameter,
  end_parameter,
  alternation,
  text,
};

/// The name that cucumber/cucumber-expressions gives a type, e.g. `START_OF_LINE`.
std::string_view to_string(TokenType type);

/// `(`, `)`, `{`, `}`, `/`, or nothing.
std::string_view symbol_of(TokenType type);

/// A piece of an expression. `start` and `end` are code points from its start; `text` is without
/// escapes, so that it may be shorter than `end - start`.
struct Token {
  TokenType type = TokenType::text;
  std::string text;
  std::size_t start = 0;
  std::size_t end = 0;
};

/// The tokens of a Cucumber Expression, from `start_of_line` to `end_of_line`. Only a blank counts
/// as white space.
Result<std::vector<Token>> tokenize(std::string_view expression);

}  // namespace muster::expressions
