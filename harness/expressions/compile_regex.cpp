#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "expressions/compiled.hpp"
#include "expressions/problem.hpp"

namespace muster::expressions {
namespace {

Error ambiguous(std::string_view source, const GroupShape& group,
                const std::vector<const ParameterType*>& types) {
  std::vector<std::string> names;
  for (const ParameterType* type : types) names.push_back("{" + type->name + "}");
  Error made = error("expression_ambiguous_parameter_type",
                     fmt::format("the group ({}) is the pattern of several parameter types: {}",
                                 group.source, join(names, " ")),
                     "use a Cucumber Expression, or make one of the types preferential");
  made.place = {"", 1, 1};
  made.excerpt = std::string(source);
  return made;
}

}  // namespace

Result<Expression> compile_regex(std::string_view source, const ParameterTypes& types) {
  Result<Pattern> pattern = Pattern::compile(source);
  if (!pattern) return regex_refused(source, pattern.error().message);
  RegexShape shape = shape_of(source);
  if (shape.count != pattern->groups()) shape = flat_shape(pattern->groups());

  Expression::Compiled made;
  for (const GroupShape& group : shape.groups) {
    const std::vector<const ParameterType*> fitting = types.with_pattern(group.source);
    if (fitting.size() > 1 && !fitting.front()->prefer_for_regular_expression_match)
      return ambiguous(source, group, fitting);
    made.parameter_types.push_back(fitting.empty() ? "" : fitting.front()->name);
    made.registered.push_back(!fitting.empty());
  }
  made.source = made.pattern = std::string(source);
  made.literal_prefix = std::move(shape.literal_prefix);
  made.regular_expression = true;
  made.groups = std::move(shape.groups);
  made.regex = std::move(*pattern);
  return Expression(std::make_shared<const Expression::Compiled>(std::move(made)));
}

}  // namespace muster::expressions
