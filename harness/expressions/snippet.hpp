#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expressions/parameter_types.hpp"

namespace muster::expressions {

/// An expression proposed for a step text that no definition fits.
struct Proposal {
  std::string expression;                    ///< e.g. `I have {int} cukes in my {word} belly`
  std::vector<std::string> parameter_types;  ///< names in order of the braces
  std::vector<std::string> parameter_names;  ///< identifiers, distinct: `int1`, `int2`, `string`
};

/// Expressions for `text`, the best first, at most `limit`: the longest leftmost fit of a type that
/// is used for snippets becomes `{name}`, the rest is escaped (the algorithm of
/// cucumber/cucumber-expressions).
std::vector<Proposal> propose(std::string_view text, const ParameterTypes& types,
                              std::size_t limit = 256);

}  // namespace muster::expressions
