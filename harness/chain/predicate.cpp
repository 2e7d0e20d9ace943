#include "chain/predicate.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::chain {
namespace {

constexpr std::size_t kShown = 80;

bool is_type(const Json& value, const std::string& type) {
  if (type == "int") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "bool") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return value.is_null();
}

bool ordered(const Json& a, const Json& b) {
  return (a.is_number() && b.is_number()) || (a.is_string() && b.is_string());
}

std::string shown(const Json& value) {
  return shorten(dump_json(value), kShown);
}

/// Whether the field `found` and the right side `other` stand as the operator says.
bool compares(const Predicate& predicate, const Json& found, const Json& other) {
  switch (predicate.op) {
    case Operator::equal:
      return found == other;
    case Operator::not_equal:
      return found != other;
    case Operator::less:
      return ordered(found, other) && found < other;
    case Operator::less_equal:
      return ordered(found, other) && found <= other;
    case Operator::greater:
      return ordered(found, other) && found > other;
    case Operator::greater_equal:
      return ordered(found, other) && found >= other;
    case Operator::matches:
      return found.is_string() &&
             re2::RE2::PartialMatch(found.get_ref<const std::string&>(), *predicate.regex);
    case Operator::in:
      return other.is_array() && std::find(other.begin(), other.end(), found) != other.end();
    case Operator::exists:
      return true;
    case Operator::is:
      return is_type(found, other.get_ref<const std::string&>());
    case Operator::schema:
      return predicate.schema(found).empty();
    case Operator::absent:
      break;
  }
  return false;
}

}  // namespace

bool holds(const Predicate& predicate, const events::Event& event, LabelValue label) {
  const std::optional<Json> found = predicate.pointer.find(event);
  if (predicate.label.empty()) return holds(predicate, found ? &*found : nullptr);
  const auto other = label == nullptr ? std::nullopt : predicate.label_pointer.find(*label);
  return found && other && compares(predicate, *found, *other);
}

bool holds(const Predicate& predicate, const Json* found) {
  if (predicate.op == Operator::absent) return found == nullptr;
  return found != nullptr && compares(predicate, *found, predicate.literal);
}

std::string why_not(const Predicate& predicate, const events::Event& event, LabelValue label) {
  const std::optional<Json> found = predicate.pointer.find(event);
  std::string text = predicate.text;
  if (!predicate.label.empty()) {
    const auto value = label == nullptr ? std::nullopt : predicate.label_pointer.find(*label);
    text += value ? " (" + shown(*value) + ")" : " (which is absent)";
  }
  text += "; found " + (found ? shown(*found) : std::string("nothing"));
  if (predicate.op == Operator::schema && found)
    text = predicate.text + ": " + predicate.schema(*found);
  return text;
}

}  // namespace muster::chain
