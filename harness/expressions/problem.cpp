#include "expressions/problem.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "expressions/expression.hpp"

namespace muster::expressions {
namespace {

Error located(std::string code, std::string_view expression, std::size_t start, std::size_t end,
              std::string problem, std::string solution) {
  Error made = error(std::move(code), std::move(problem), std::move(solution));
  made.place = {"", 1, static_cast<int>(start) + 1};
  made.excerpt = std::string(expression);
  made.width = end > start + 1 ? static_cast<int>(end - start) : 1;
  return made;
}

Error syntax(std::string_view expression, std::size_t start, std::size_t end, std::string problem,
             std::string solution) {
  return located("expression_syntax", expression, start, end, std::move(problem),
                 std::move(solution));
}

std::string_view purpose_of(TokenType type) {
  return type == TokenType::begin_optional ? "optional text" : "a parameter";
}

}  // namespace

Error end_of_line_escaped(std::string_view expression, std::size_t index) {
  return syntax(expression, index, index, "the end of line can not be escaped",
                R"(You can use '\\' to escape the '\')");
}

Error can_not_escape(std::string_view expression, std::size_t index) {
  return syntax(expression, index, index,
                R"(only the characters '{', '}', '(', ')', '\', '/' and whitespace can be escaped)",
                R"(If you did mean to use an '\' you can use '\\' to escape it)");
}

Error missing_end_token(std::string_view expression, TokenType begin, TokenType end,
                        const Token& token) {
  return syntax(
      expression, token.start, token.end,
      fmt::format("the '{}' does not have a matching '{}'", symbol_of(begin), symbol_of(end)),
      fmt::format("If you did not intend to use {0} you can use '\\{1}' to escape the {0}",
                  purpose_of(begin), symbol_of(begin)));
}

Error alternation_in_optional(std::string_view expression, const Token& token) {
  return syntax(expression, token.start, token.end,
                "an alternation can not be used inside an optional",
                R"(If you did not mean to use an alternation you can use '\/' to escape the '/'. )"
                "Otherwise rephrase your expression or consider using a regular expression "
                "instead.");
}

Error invalid_parameter_name(std::string_view expression, const Token& token) {
  return syntax(expression, token.start, token.end,
                R"(parameter names may not contain '{', '}', '(', ')', '\' or '/')",
                "Did you mean to use a regular expression?");
}

Error alternative_only_optionals(std::string_view expression, const Node& node) {
  return syntax(expression, node.start, node.end,
                "an alternative may not exclusively contain optionals",
                R"(If you did not mean to use an optional you can use '\(' to escape the '(')");
}

Error alternative_empty(std::string_view expression, const Node& node) {
  return syntax(expression, node.start, node.end, "alternative may not be empty",
                R"(If you did not mean to use an alternative you can use '\/' to escape the '/')");
}

Error optional_empty(std::string_view expression, const Node& node) {
  return syntax(expression, node.start, node.end, "an optional must contain some text",
                R"(If you did not mean to use an optional you can use '\(' to escape the '(')");
}

Error parameter_in_optional(std::string_view expression, const Node& node) {
  return syntax(
      expression, node.start, node.end, "an optional may not contain a parameter type",
      R"(If you did not mean to use an parameter type you can use '\{' to escape the '{')");
}

Error optional_in_optional(std::string_view expression, const Node& node) {
  return syntax(expression, node.start, node.end, "an optional may not contain an other optional",
                R"(If you did not mean to use an optional type you can use '\(' to escape the '('.)"
                " For more complicated expressions consider using a regular expression instead.");
}

Error undefined_parameter_type(std::string_view expression, const Node& node) {
  const std::string name = node.text();
  return located("expression_undefined_parameter_type", expression, node.start, node.end,
                 fmt::format("undefined parameter type '{}'", name),
                 fmt::format("Please register a ParameterType for '{}'", name));
}

Error expression_too_long(std::string_view expression, std::size_t limit) {
  Error made = error("expression_too_long",
                     fmt::format("a step text of {} bytes is longer than the limit of {}",
                                 expression.size(), limit),
                     "shorten the text; long values belong in a doc string");
  made.place = {"", 1, 1};
  made.excerpt = shorten(expression, 80);
  return made;
}

Error regex_refused(std::string_view expression, std::string_view why) {
  return located("expression_regex", expression, 0, 0,
                 fmt::format("not a regular expression: {}", why),
                 "a step text that starts with ^ or ends with $ is a regular expression");
}

std::string cucumber_text(const Error& error) {
  const int column = error.place.column;
  std::string problem = error.message;
  if (!problem.empty() && problem[0] >= 'a' && problem[0] <= 'z')
    problem[0] = static_cast<char>(problem[0] - 'a' + 'A');
  std::string caret(static_cast<std::size_t>(column > 0 ? column - 1 : 0), ' ');
  caret += '^';
  if (error.width > 1) caret += std::string(static_cast<std::size_t>(error.width) - 2, '-') + '^';
  return fmt::format("This Cucumber Expression has a problem at column {}:\n\n{}\n{}\n{}.\n{}",
                     column, error.excerpt, caret, problem, error.hint);
}

}  // namespace muster::expressions
