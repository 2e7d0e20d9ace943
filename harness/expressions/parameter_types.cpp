#include "expressions/parameter_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/pattern.hpp"
#include "expressions/group_tree.hpp"

namespace muster::expressions {
namespace {

constexpr const char* kFloat = R"([-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[E][+-]?\d+)?)";
constexpr const char* kString = R"re("([^"\\]*(\\.[^"\\]*)*)"|'([^'\\]*(\\.[^'\\]*)*)')re";

ParameterType integer(std::string name, bool snippets = false) {
  return {std::move(name), {R"(-?\d+)", R"(\d+)"}, snippets, snippets, true};
}

ParameterType decimal(std::string name, bool snippets = false) {
  return {std::move(name), {kFloat}, snippets, false, true};
}

bool preferential_first(const ParameterType* a, const ParameterType* b) {
  if (a->prefer_for_regular_expression_match != b->prefer_for_regular_expression_match)
    return a->prefer_for_regular_expression_match;
  return a->name < b->name;
}

}  // namespace

ParameterTypes::ParameterTypes()
    : types_{integer("int", true),
             decimal("float", true),
             {"word", {R"([^\s]+)"}, false, false, true},
             {"string", {kString}, true, false, true},
             {"", {".*"}, false, true, true},
             decimal("double"),
             decimal("bigdecimal"),
             integer("byte"),
             integer("short"),
             integer("long"),
             integer("biginteger")} {}

Result<void> ParameterTypes::add(ParameterType type) {
  if (type.name.find_first_of("{}()[]\\/$.|?*+") != std::string::npos)
    return error("parameter_type_name",
                 fmt::format("illegal character in the parameter type name '{}'", type.name),
                 R"(names may not contain { } ( ) [ ] \ / $ . | ? * +)");
  if (find(type.name) != nullptr)
    return error("parameter_type_duplicate",
                 type.name.empty()
                     ? std::string("the anonymous parameter type has already been defined")
                     : fmt::format("there is already a parameter type with name '{}'", type.name));
  if (type.patterns.empty())
    return error("parameter_type_pattern",
                 fmt::format("the parameter type '{}' has no pattern", type.name));
  for (const std::string& pattern : type.patterns) {
    Result<Pattern> compiled = Pattern::compile(pattern);
    if (!compiled)
      return error("parameter_type_pattern",
                   fmt::format("the pattern '{}' of the parameter type '{}': {}", pattern,
                               type.name, compiled.error().message));
    if (shape_of(pattern).count != compiled->groups())
      return error("parameter_type_pattern",
                   fmt::format("the capture groups of the pattern '{}' of the parameter type '{}' "
                               "can not be told apart",
                               pattern, type.name),
                   "write it with plain groups ( ) and (?: )");
    const std::vector<const ParameterType*> same = with_pattern(pattern);
    if (!same.empty() && same.front()->prefer_for_regular_expression_match &&
        type.prefer_for_regular_expression_match)
      return error("parameter_type_preferential",
                   fmt::format("the pattern '{}' is used for two preferential parameter types, "
                               "'{}' and '{}'",
                               pattern, same.front()->name, type.name),
                   "there can only be one preferential parameter type per pattern");
  }
  type.builtin = false;
  types_.push_back(std::move(type));
  return {};
}

const ParameterType* ParameterTypes::find(std::string_view name) const {
  const auto at = std::find_if(types_.begin(), types_.end(),
                               [&](const ParameterType& type) { return type.name == name; });
  return at == types_.end() ? nullptr : &*at;
}

std::vector<const ParameterType*> ParameterTypes::with_pattern(std::string_view pattern) const {
  std::vector<const ParameterType*> found;
  for (const ParameterType& type : types_)
    if (std::find(type.patterns.begin(), type.patterns.end(), pattern) != type.patterns.end())
      found.push_back(&type);
  std::sort(found.begin(), found.end(), preferential_first);
  return found;
}

std::vector<std::string> ParameterTypes::names() const {
  std::vector<std::string> names;
  for (const ParameterType& type : types_) names.push_back(type.name);
  return names;
}

}  // namespace muster::expressions
