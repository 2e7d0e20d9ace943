// The keywords that speak of a value itself, and of the elements of an array.
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "schema/evaluation.hpp"

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

}  // namespace

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

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

}  // namespace muster::schema
