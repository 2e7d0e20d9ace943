#include "app/expression_cases.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/step_library.hpp"
#include "expressions/ast.hpp"
#include "expressions/expression.hpp"
#include "expressions/tag_expression.hpp"
#include "expressions/token.hpp"

namespace muster::app {
namespace {

Json value_of(const expressions::Argument& argument) {
  const std::string& type = argument.parameter_type;
  const bool taken = std::any_of(argument.captures.begin(), argument.captures.end(),
                                 [](const auto& capture) { return capture.has_value(); });
  if (!taken) return nullptr;
  const std::string text = expressions::plain_text(argument);
  if (type == "int" || type == "byte" || type == "short" || type == "long") {
    errno = 0;
    const long long number = std::strtoll(text.c_str(), nullptr, 10);
    return errno == 0 ? Json(number) : Json(text);
  }
  if (type == "float" || type == "double") {
    const double number = std::strtod(text.c_str(), nullptr);
    return std::isfinite(number) ? Json(number) : Json(text);
  }
  return text;
}

Json to_json(const expressions::Node& node) {
  Json json = {{"type", to_string(node.type)}, {"start", node.start}, {"end", node.end}};
  if (node.type == expressions::NodeType::text) {
    json["token"] = node.token;
    return json;
  }
  json["nodes"] = Json::array();
  for (const auto& child : node.nodes) json["nodes"].push_back(to_json(child));
  return json;
}

Json to_json(const std::vector<expressions::Token>& tokens) {
  Json json = Json::array();
  for (const auto& token : tokens) {
    json.push_back({{"type", to_string(token.type)},
                    {"start", token.start},
                    {"end", token.end},
                    {"text", token.text}});
  }
  return json;
}

}  // namespace

Json to_json(const std::vector<expressions::Argument>& arguments) {
  Json json = Json::array();
  for (const auto& argument : arguments) {
    Json captures = Json::array();
    for (const auto& capture : argument.captures) {
      captures.push_back(capture ? Json(*capture) : Json());
    }
    Json made = {{"type", argument.registered ? Json(argument.parameter_type) : Json()},
                 {"value", value_of(argument)},
                 {"captures", std::move(captures)}};
    if (argument.group.value) made["text"] = *argument.group.value;
    if (argument.group.start) made["start"] = *argument.group.start;
    json.push_back(std::move(made));
  }
  return json;
}

Json match_definitions(const steps::Library& library, std::string_view text) {
  Json matches = Json::array();
  for (const auto& found : library.match(text)) {
    matches.push_back({{"definition", to_json(library.steps[found.definition])},
                       {"arguments", to_json(found.match.arguments)}});
  }
  return {{"text", text}, {"matches", std::move(matches)}};
}

Json match_expression(const expressions::ParameterTypes& types, const std::string& expression,
                      const std::string& text) {
  Json made = {{"expression", expression}};
  const auto compiled = expressions::compile(expression, types);
  const bool plain = !compiled || !compiled->is_regular_expression();
  if (plain) {
    if (const auto tokens = expressions::tokenize(expression)) made["tokens"] = to_json(*tokens);
    if (const auto tree = expressions::parse(expression)) made["ast"] = to_json(*tree);
  }
  if (!compiled) {
    made["error"] = expressions::cucumber_text(compiled.error());
    return made;
  }
  made["regex"] = compiled->pattern();
  const auto match = compiled->attempt(text);
  if (!match) {
    made["error"] = match.error().message;
    return made;
  }
  made["matches"] = match->has_value();
  if (*match) made["arguments"] = to_json((*match)->arguments);
  return made;
}

Json match_tags(const std::string& expression, const std::vector<std::string>& tags) {
  Json made = {{"tags", expression}};
  const auto parsed = expressions::TagExpression::parse(expression);
  if (!parsed) {
    made["error"] = parsed.error().message;
    made["column"] = parsed.error().place.column;
    return made;
  }
  made["tree"] = parsed->to_string();
  made["selected"] = parsed->evaluate(tags);
  return made;
}

}  // namespace muster::app
