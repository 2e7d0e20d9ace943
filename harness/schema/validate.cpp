#include <algorithm>

#include "base/text.hpp"
#include "schema/node.hpp"
#include "schema/uri.hpp"
#include "schema/value.hpp"

namespace muster::schema {
namespace {

bool has_type(const Json& value, const std::string& type) {
  if (type == "integer") return is_integer(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Where in the instance, and along which keywords.
struct At {
  std::string instance;
  std::string path;

  At under(const std::string& keyword) const { return {instance, pointer_to(path, keyword)}; }
  At under(const std::string& keyword, const std::string& branch) const {
    return {instance, pointer_to(pointer_to(path, keyword), branch)};
  }
  At member(const std::string& name) const { return {pointer_to(instance, name), path}; }
};

class Evaluation {
 public:
  explicit Evaluation(const Schema::Compiled& schema) : schema_(schema) {}

  /// What was too much for the limits, if anything was: then no other answer counts.
  const std::optional<Violation>& exceeded() const { return exceeded_; }

  std::vector<Violation> check(NodeId id, const Json& value, const At& at) {
    std::vector<Violation> found;
    if (!enter(id, at)) return found;
    ++depth_;
    const Node& node = schema_.nodes[id];
    if (node.reference) {
      found = check(*node.reference, value, at.under("$ref"));
    } else if (node.constant) {
      if (!*node.constant)
        found.push_back(
            {at.instance, node.location, at.path, "false", {}, "nothing", describe(value), {}});
    } else {
      Check one{*this, node, value, at, found};
      one.values();
      if (value.is_number()) one.numbers();
      if (value.is_string()) one.strings();
      if (value.is_array()) one.arrays();
      if (value.is_object()) one.objects();
      one.logic();
    }
    --depth_;
    return found;
  }

  bool accepts(NodeId id, const Json& value, const At& at) { return check(id, value, at).empty(); }

 private:
  /// The keywords of one schema on one value.
  struct Check {
    Evaluation& all;
    const Node& node;
    const Json& value;
    const At& at;
    std::vector<Violation>& found;

    Violation& add(const std::string& keyword, std::string expected, std::string was) {
      found.push_back({at.instance,
                       node.location + "/" + keyword,
                       at.path + "/" + keyword,
                       keyword,
                       {},
                       std::move(expected),
                       std::move(was),
                       {}});
      return found.back();
    }
    void add(const std::string& keyword, std::string expected) {
      add(keyword, std::move(expected), describe(value));
    }
    void take(std::vector<Violation> more) {
      const std::size_t most = all.schema_.limits.violations;
      for (Violation& one : more) {
        if (found.size() < most) found.push_back(std::move(one));
      }
    }
    void take(NodeId id, const Json& inner, const At& where) {
      if (found.size() < all.schema_.limits.violations) take(all.check(id, inner, where));
    }
    std::string whole() const;

    void values();
    void numbers();
    void strings();
    void arrays();
    void objects();
    void member(const std::string& name, const Json& inner);
    void dependencies();
    void logic();
    void alternatives(const std::string& keyword, const std::vector<NodeId>& branches, bool only);
  };

  bool enter(NodeId id, const At& at) {
    if (exceeded_) return false;
    const Limits& limits = schema_.limits;
    const bool deep = depth_ >= limits.depth;
    if (!deep && ++checks_ <= limits.checks) return true;
    const std::string bound = deep ? "at most " + std::to_string(limits.depth) + " nested schemas"
                                   : "at most " + std::to_string(limits.checks) + " checks";
    exceeded_ =
        Violation{at.instance, schema_.nodes[id].location, at.path, "limit", {}, bound, "more", {}};
    return false;
  }

  const Schema::Compiled& schema_;
  std::size_t depth_ = 0;
  std::size_t checks_ = 0;
  std::optional<Violation> exceeded_;
};

/// By its other keywords: `an integer from 1` says more than `from 1`.
std::string Evaluation::Check::whole() const {
  return summary(all.schema_, static_cast<NodeId>(&node - all.schema_.nodes.data()));
}

void Evaluation::Check::values() {
  if (!node.types.empty() &&
      std::none_of(node.types.begin(), node.types.end(),
                   [&](const std::string& type) { return has_type(value, type); }))
    return add("type", whole());
  if (node.values && node.values->count(canonical(value)) == 0) add("enum", whole());
  if (node.constant_value && *node.constant_value != canonical(value)) add("const", whole());
}

void Evaluation::Check::numbers() {
  if (node.minimum && compare_numbers(value, *node.minimum) < 0) add("minimum", whole());
  if (node.exclusive_minimum && compare_numbers(value, *node.exclusive_minimum) <= 0)
    add("exclusiveMinimum", whole());
  if (node.maximum && compare_numbers(value, *node.maximum) > 0) add("maximum", whole());
  if (node.exclusive_maximum && compare_numbers(value, *node.exclusive_maximum) >= 0)
    add("exclusiveMaximum", whole());
  if (node.multiple_of && !is_multiple(value, *node.multiple_of))
    add("multipleOf", "a multiple of " + node.multiple_of->dump());
}

void Evaluation::Check::strings() {
  const auto& text = value.get_ref<const std::string&>();
  const std::size_t length = code_points(text);
  const std::string was = "a string of " + counted(length, "character", "characters");
  if (node.min_length && length < *node.min_length)
    add("minLength", "at least " + counted(*node.min_length, "character", "characters"), was);
  if (node.max_length && length > *node.max_length)
    add("maxLength", "at most " + counted(*node.max_length, "character", "characters"), was);
  if (!node.pattern) return;
  const auto tried = node.pattern->search(text);
  if (!tried) {
    add("pattern", whole(), "a string on which the pattern gives no answer within its bound");
  } else if (!*tried) {
    add("pattern", whole());
  }
}

void Evaluation::Check::arrays() {
  const std::string was = "an array of " + counted(value.size(), "element", "elements");
  if (node.min_items && value.size() < *node.min_items)
    add("minItems", "at least " + counted(*node.min_items, "element", "elements"), was);
  if (node.max_items && value.size() > *node.max_items)
    add("maxItems", "at most " + counted(*node.max_items, "element", "elements"), was);
  if (node.unique_items) {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto [first, fresh] = seen.emplace(canonical(value[i]), i);
      if (fresh) continue;
      add("uniqueItems", "elements that differ",
          "the same at " + std::to_string(first->second) + " and " + std::to_string(i));
      break;
    }
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string index = std::to_string(i);
    const At there = at.member(index);
    if (node.items) {
      take(*node.items, value[i], there.under("items"));
    } else if (i < node.tuple.size()) {
      take(node.tuple[i], value[i], there.under("items", index));
    } else if (node.additional_items) {
      take(*node.additional_items, value[i], there.under("additionalItems"));
    }
  }
  if (!node.contains) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (all.accepts(*node.contains, value[i], at.member(std::to_string(i)).under("contains")))
      return;
  }
  add("contains", "an element that is " + summary(all.schema_, *node.contains),
      value.empty() ? "an empty array" : "none");
}

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

}  // namespace

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
