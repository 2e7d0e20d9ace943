#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "expressions/ast.hpp"
#include "expressions/token.hpp"

namespace muster::expressions {

/// The errors of Cucumber Expressions, with the words of cucumber/cucumber-expressions (Errors.ts).
/// The message is its problem in lower case, the hint its solution; `cucumber_text` makes the whole
/// of it again.
Error end_of_line_escaped(std::string_view expression, std::size_t index);
Error can_not_escape(std::string_view expression, std::size_t index);
Error missing_end_token(std::string_view expression, TokenType begin, TokenType end,
                        const Token& token);
Error alternation_in_optional(std::string_view expression, const Token& token);
Error invalid_parameter_name(std::string_view expression, const Token& token);
Error alternative_only_optionals(std::string_view expression, const Node& node);
Error alternative_empty(std::string_view expression, const Node& node);
Error optional_empty(std::string_view expression, const Node& node);
Error parameter_in_optional(std::string_view expression, const Node& node);
Error optional_in_optional(std::string_view expression, const Node& node);
Error undefined_parameter_type(std::string_view expression, const Node& node);

/// Not of cucumber: longer than `limit` bytes.
Error expression_too_long(std::string_view expression, std::size_t limit);
/// Not of cucumber: neither engine takes the regular expression.
Error regex_refused(std::string_view expression, std::string_view why);

}  // namespace muster::expressions
