// The keywords that speak of objects and those that combine schemas; and what asks them all.
#include "base/text.hpp"
#include "schema/evaluation.hpp"

namespace muster::schema {

void Evaluation::Check::objects() {
  const std::string was = "an object of " + counted(value.size(), "member", "members");
  if (node.min_properties && value.size() < *node.min_properties)
    add("minProperties", "at least " + counted(*node.min_properties, "member", "members"), was);
  if (node.max_properties && value.size() > *node.max_properties)
    add("maxProperties", "at most " + counted(*node.max_properties, "member", "members"), was);
  for (const std::string& name : node.required) {
    if (value.contains(name)) continue;
    const Named* declared = node.property(name);
    add("required", declared == nullptr ? "a value" : summary(all.schema_, declared->node),
        "nothing")
        .property = name;
  }
  for (const auto& [name, inner] : value.items()) {
    if (node.property_names) {
      const Json text = name;
      auto refused = all.check(*node.property_names, text, at.under("propertyNames"));
      for (Violation& one : refused) one.property = name;
      take(std::move(refused));
    }
    member(name, inner);
  }
  dependencies();
}

void Evaluation::Check::member(const std::string& name, const Json& inner) {
  const At there = at.member(name);
  const Named* declared = node.property(name);
  bool known = declared != nullptr;
  if (known) take(declared->node, inner, there.under("properties", name));
  for (const NamedPattern& each : node.patterns) {
    const auto tried = each.pattern.search(name);
    if (!tried) {
      add("patternProperties", "names that match or not",
          "a name on which " + each.source + " gives no answer within its bound");
    } else if (*tried) {
      known = true;
      take(each.node, inner, there.under("patternProperties", each.source));
    }
  }
  if (!known && node.additional_properties)
    take(*node.additional_properties, inner, there.under("additionalProperties"));
}

void Evaluation::Check::dependencies() {
  for (const Dependency& each : node.dependencies) {
    if (!value.contains(each.property)) continue;
    if (each.node) take(*each.node, value, at.under("dependencies", each.property));
    for (const std::string& name : each.required) {
      if (value.contains(name)) continue;
      Violation& made =
          add("dependencies", "a value, because " + each.property + " is there", "nothing");
      made.schema = node.location + pointer_to("/dependencies", each.property);
      made.path = pointer_to(at.path + "/dependencies", each.property);
      made.property = name;
    }
  }
}

void Evaluation::Check::logic() {
  for (std::size_t i = 0; i < node.all_of.size(); ++i)
    take(node.all_of[i], value, at.under("allOf", std::to_string(i)));
  if (!node.any_of.empty()) alternatives("anyOf", node.any_of, false);
  if (!node.one_of.empty()) alternatives("oneOf", node.one_of, true);
  if (node.negated && all.accepts(*node.negated, value, at.under("not")))
    add("not", "anything but " + summary(all.schema_, *node.negated));
  if (!node.condition) return;
  if (all.accepts(*node.condition, value, at.under("if"))) {
    if (node.then) take(*node.then, value, at.under("then"));
  } else if (node.otherwise) {
    take(*node.otherwise, value, at.under("else"));
  }
}

void Evaluation::Check::alternatives(const std::string& keyword,
                                     const std::vector<NodeId>& branches, bool only) {
  std::vector<std::string> taken;
  std::vector<Violation> furthest;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    auto refused = all.check(branches[i], value, at.under(keyword, std::to_string(i)));
    if (refused.empty()) {
      taken.push_back(std::to_string(i));
      if (!only) return;
    } else if (furthest.empty() ||
               refused.front().instance.size() > furthest.front().instance.size()) {
      furthest = std::move(refused);
    }
  }
  if (taken.size() == 1) return;
  const std::string count = counted(branches.size(), "schema", "schemas");
  if (taken.empty()) {
    add(keyword, (only ? "exactly one of " : "one of ") + count,
        describe(value) + ", which none takes")
        .causes = std::move(furthest);
  } else {
    add(keyword, "exactly one of " + count, "several that take it: " + join(taken, ", "));
  }
}

std::vector<Violation> Schema::validate(const Json& instance) const {
  const Limits& limits = compiled_->limits;
  if (depth_of(instance, limits.depth) > limits.depth) {
    return {{{},
             "#",
             {},
             "limit",
             {},
             "at most " + std::to_string(limits.depth) + " levels of JSON",
             "more",
             {}}};
  }
  Evaluation evaluation(*compiled_);
  auto found = evaluation.check(compiled_->root, instance, {});
  if (evaluation.exceeded()) return {*evaluation.exceeded()};
  return found;
}

bool Schema::accepts(const Json& instance) const {
  return validate(instance).empty();
}

std::string Violation::to_text() const {
  std::string text = instance.empty() && property.empty() ? "the whole" : instance;
  if (!property.empty()) text = pointer_to(instance, property);
  return text + ": expected " + expected + ", found " + found + " (schema " + schema + ")";
}

}  // namespace muster::schema
