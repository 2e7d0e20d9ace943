#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/pattern.hpp"
#include "schema/schema.hpp"

namespace muster::schema {

/// Place of a node in Schema::Compiled::nodes.
using NodeId = std::size_t;

/// A branch under a keyword that has several.
struct Named {
  std::string name;
  NodeId node;
};

struct NamedPattern {
  std::string source;
  Pattern pattern;
  NodeId node;
};

/// What `dependencies` asks once a member is there.
struct Dependency {
  std::string property;
  std::vector<std::string> required;
  std::optional<NodeId> node;
};

/// One schema, as its keywords were read.
struct Node {
  std::string location;  ///< `uri#/pointer`
  std::optional<bool> constant;
  std::optional<NodeId> reference;  ///< of `$ref`; then nothing else counts

  std::vector<std::string> types;
  std::optional<std::set<std::string>> values;  ///< canonical, of `enum`
  std::optional<std::string> constant_value;    ///< canonical, of `const`
  std::string values_text;                      ///< of either, for people

  std::optional<Json> minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
  std::optional<std::uint64_t> min_length, max_length, min_items, max_items, min_properties,
      max_properties;
  std::optional<Pattern> pattern;
  std::string pattern_source;

  bool unique_items = false;
  std::vector<NodeId> tuple;  ///< of `items` as an array
  std::optional<NodeId> items, additional_items, contains;

  std::vector<std::string> required;
  std::vector<Named> properties;
  std::vector<NamedPattern> patterns;
  std::optional<NodeId> additional_properties, property_names;
  std::vector<Dependency> dependencies;

  std::vector<NodeId> all_of, any_of, one_of;
  std::optional<NodeId> negated, condition, then, otherwise;

  const Named* property(const std::string& name) const;
};

struct Schema::Compiled {
  std::vector<Node> nodes;
  NodeId root = 0;
  Limits limits;
};

/// What a value has to be by the keywords that speak of the value itself: `an integer from 1`, `one
/// of a, b`, `a string matching ^a`. `a value` when they say nothing.
std::string summary(const Schema::Compiled& schema, NodeId node);

}  // namespace muster::schema
