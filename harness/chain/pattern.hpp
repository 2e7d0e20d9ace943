#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "chain/name_pattern.hpp"
#include "events/event.hpp"

namespace re2 {
class RE2;
}

/// What a chain says, as data: made by the parser, by a table or by the builder, compiled by
/// `Chain::compile`.
namespace muster::chain {

/// Where something stands in the text of the chain, and how wide it is in code points.
struct Span {
  Place place;
  int width = 1;
};

struct Count {
  static constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t min = 1;
  std::uint64_t max = 1;

  friend bool operator==(const Count&, const Count&) = default;
};

/// `×4`, `×1..3`, `×2..`, `?`, or empty for exactly one.
std::string to_text(const Count& count);

enum class Operator {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  matches,
  in,
  exists,
  absent,
  is,
  schema
};

/// Says of a value whether it is valid; the text is empty, or why it is not.
using SchemaCheck = std::function<std::string(const Json&)>;

/// Gives the check for `file.json#/definition`. Set by who has schemas; a chain that names one is
/// an error without it.
using SchemaLoader = std::function<Result<SchemaCheck>(const std::string& reference)>;

struct Predicate {
  events::Pointer pointer;
  Operator op = Operator::exists;
  Json literal;       ///< right side, unless `label` is set; a list for `in`; a word for `is`
  std::string label;  ///< right side `$label/pointer`
  events::Pointer label_pointer;
  std::shared_ptr<const re2::RE2> regex;  ///< of `=~`
  SchemaCheck schema;
  std::string text;  ///< as written
  Span span;
};

struct Within {
  std::int64_t ns = 0;
  std::string label;  ///< of `of LABEL`, or empty
  Span span;
};

struct Step {
  NamePattern name;
  Count count;
  std::optional<events::Pointer> distinct;
  std::vector<Predicate> where;
  std::optional<Within> within;
  std::string label;
  Span span;  ///< of the name
};

struct Never {
  NamePattern name;
  std::vector<Predicate> where;
  std::string until;
  Span span;
};

struct Item;

struct Group {
  enum class Kind { any_order, either, repeat, between };

  Kind kind = Kind::any_order;
  Count count;  ///< of repeat
  std::vector<std::vector<Item>>
      branches;  ///< one, but for `either`; a `between` has its opener first and its closer last
  Span span;
};

struct Item {
  std::variant<Step, Never, Group> what;
};

enum class ClockSource { sink, event };

struct Pattern {
  std::vector<events::Pointer> key;
  std::vector<NamePattern> scope;  ///< empty: all events
  std::vector<Span> scope_spans;
  ClockSource clock = ClockSource::sink;
  bool strict = true;
  std::vector<Item> items;
};

/// The bound of an item that has no `within`.
constexpr std::int64_t kDefaultWithinNs = 5'000'000'000;

}  // namespace muster::chain
