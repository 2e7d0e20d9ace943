#include "schema/node.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::schema {
namespace {

std::string type_text(const std::string& type) {
  if (type == "boolean") return "true or false";
  if (type == "null") return type;
  const bool vowel = type == "integer" || type == "array" || type == "object";
  return (vowel ? "an " : "a ") + type;
}

std::string range_text(const Node& node) {
  std::string text;
  if (node.minimum) text += " from " + node.minimum->dump();
  if (node.exclusive_minimum) text += " above " + node.exclusive_minimum->dump();
  if (node.maximum) text += " to " + node.maximum->dump();
  if (node.exclusive_maximum) text += " below " + node.exclusive_maximum->dump();
  return text;
}

}  // namespace

const Named* Node::property(const std::string& name) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const Named& each) { return each.name == name; });
  return found == properties.end() ? nullptr : &*found;
}

std::string summary(const Schema::Compiled& schema, NodeId id) {
  const Node* node = &schema.nodes[id];
  while (node->reference) node = &schema.nodes[*node->reference];
  if (node->constant) return *node->constant ? "a value" : "nothing";
  if (!node->values_text.empty()) return node->values_text;
  std::vector<std::string> types;
  std::transform(node->types.begin(), node->types.end(), std::back_inserter(types), type_text);
  std::string text = types.empty() ? "a value" : join(types, " or ");
  if (node->pattern) text += " matching " + node->pattern_source;
  return text + range_text(*node);
}

}  // namespace muster::schema
