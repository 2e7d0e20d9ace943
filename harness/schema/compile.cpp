// Schemas are read once into nodes. A schema that is referred to is a node as any other, found by
// where it stands, so that recursive schemas end. Every document, and every part that a `$ref`
// reaches beside the known keywords, is first held against the meta-schema: what follows may trust
// the types of the keywords.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "schema/node.hpp"
#include "schema/registry.hpp"
#include "schema/uri.hpp"
#include "schema/value.hpp"

namespace muster::schema {
namespace {

class Compiler {
 public:
  Compiler(Registry& registry, Limits limits, const Schema* metaschema)
      : registry_(registry), limits_(limits), metaschema_(metaschema) {}

  Result<std::shared_ptr<const Schema::Compiled>> compile(const Spot& root) {
    auto made = std::make_shared<Schema::Compiled>();
    made->limits = limits_;
    // none told would read as none found
    made->limits.violations = std::max<std::size_t>(1, limits_.violations);
    made->root = node_at(root);
    while (!failure_ && !open_.empty()) {
      const auto [id, spot] = open_.back();
      open_.pop_back();
      read(id, spot);
    }
    if (!failure_) refuse_circles();
    if (failure_) return *failure_;
    made->nodes = std::move(nodes_);
    return std::shared_ptr<const Schema::Compiled>(std::move(made));
  }

 private:
  void fail(Error error) {
    if (!failure_) failure_ = std::move(error);
  }

  /// Read later: a worklist, because schemas may refer to each other without end.
  NodeId node_at(const Spot& spot) {
    const auto [known, fresh] = ids_.emplace(spot.json, nodes_.size());
    if (!fresh) return known->second;
    nodes_.emplace_back();
    nodes_.back().location = spot.location();
    open_.emplace_back(known->second, spot.entered());
    return known->second;
  }

  void check(const Spot& spot) {
    if (metaschema_ == nullptr || checked_.count(spot.json) != 0) return;
    const auto violations = metaschema_->validate(*spot.json);
    if (!violations.empty()) {
      Error refused = error("schema_invalid", "the schema " + spot.document + "#" + spot.pointer +
                                                  violations.front().instance + ": expected " +
                                                  violations.front().expected + ", found " +
                                                  violations.front().found);
      fail(std::move(refused));
      return;
    }
    mark(spot);
  }

  void mark(const Spot& spot) {
    checked_.insert(spot.json);
    each_subschema(spot, [this](const Spot& inner) { mark(inner); });
  }

  void read(NodeId id, const Spot& spot) {
    check(spot);
    if (failure_) return;
    Node node;
    node.location = nodes_[id].location;
    if (spot.json->is_boolean()) {
      node.constant = spot.json->get<bool>();
    } else if (spot.json->contains("$ref")) {
      auto target = registry_.find(spot, string_at(*spot.json, "$ref"));
      if (!target) return fail(target.error());
      node.reference = node_at(*target);
    } else {
      read_values(node, spot);
      read_arrays(node, spot);
      read_objects(node, spot);
      read_logic(node, spot);
    }
    nodes_[id] = std::move(node);  // nodes_ may have grown meanwhile
  }

  static const Json* keyword(const Spot& spot, const char* name) {
    const auto found = spot.json->find(name);
    return found == spot.json->end() ? nullptr : &*found;
  }

  static std::optional<Json> number(const Spot& spot, const char* name) {
    const Json* found = keyword(spot, name);
    return found == nullptr ? std::nullopt : std::optional<Json>(*found);
  }

  static std::optional<std::uint64_t> count(const Spot& spot, const char* name) {
    const Json* found = keyword(spot, name);
    if (found == nullptr) return std::nullopt;
    if (found->is_number_integer()) return found->get<std::uint64_t>();
    const double wide = found->get<double>();  // 2.0 is an integer as well
    return wide < 1e18 ? static_cast<std::uint64_t>(wide) : std::uint64_t{1} << 60;
  }

  std::optional<NodeId> inner(const Spot& spot, const char* name) {
    if (keyword(spot, name) == nullptr) return std::nullopt;
    return node_at(spot.at(name));
  }

  std::vector<NodeId> list(const Spot& spot, const char* name) {
    std::vector<NodeId> nodes;
    const Json* found = keyword(spot, name);
    if (found == nullptr || !found->is_array()) return nodes;
    const Spot at = spot.at(name);
    for (std::size_t i = 0; i < found->size(); ++i)
      nodes.push_back(node_at(at.at(std::to_string(i))));
    return nodes;
  }

  std::optional<Pattern> pattern(const std::string& source, const Spot& spot) {
    auto compiled = Pattern::compile(source);
    if (compiled) return std::move(*compiled);
    fail(error("schema_pattern", "the pattern " + printable(shorten(source, 200)) + " at " +
                                     spot.location() + " is none: " + compiled.error().message));
    return std::nullopt;
  }

  void read_values(Node& node, const Spot& spot) {
    if (const Json* types = keyword(spot, "type")) {
      if (types->is_array()) {
        node.types = types->get<std::vector<std::string>>();
      } else {
        node.types = {types->get<std::string>()};
      }
    }
    const auto shown = [](const Json& value) {
      return value.is_string() ? value.get<std::string>() : value.dump();
    };
    if (const Json* values = keyword(spot, "enum")) {
      node.values.emplace();
      std::vector<std::string> texts;
      for (const Json& value : *values) {
        node.values->insert(canonical(value));
        texts.push_back(shown(value));
      }
      node.values_text = "one of " + shorten(join(texts, ", "), 300);
    }
    if (const Json* value = keyword(spot, "const")) {
      node.constant_value = canonical(*value);
      node.values_text = shorten(value->dump(-1, ' ', false, Json::error_handler_t::replace), 300);
    }
    node.minimum = number(spot, "minimum");
    node.maximum = number(spot, "maximum");
    node.exclusive_minimum = number(spot, "exclusiveMinimum");
    node.exclusive_maximum = number(spot, "exclusiveMaximum");
    node.multiple_of = number(spot, "multipleOf");
    node.min_length = count(spot, "minLength");
    node.max_length = count(spot, "maxLength");
    if (const Json* source = keyword(spot, "pattern")) {
      node.pattern_source = source->get<std::string>();
      node.pattern = pattern(node.pattern_source, spot.at("pattern"));
    }
  }

  void read_arrays(Node& node, const Spot& spot) {
    node.min_items = count(spot, "minItems");
    node.max_items = count(spot, "maxItems");
    if (const Json* unique = keyword(spot, "uniqueItems")) node.unique_items = unique->get<bool>();
    const Json* items = keyword(spot, "items");
    if (items != nullptr && items->is_array()) {
      node.tuple = list(spot, "items");
      node.additional_items = inner(spot, "additionalItems");
    } else {
      node.items = inner(spot, "items");
    }
    node.contains = inner(spot, "contains");
  }

  void read_objects(Node& node, const Spot& spot) {
    node.min_properties = count(spot, "minProperties");
    node.max_properties = count(spot, "maxProperties");
    if (const Json* names = keyword(spot, "required"))
      node.required = names->get<std::vector<std::string>>();
    if (const Json* properties = keyword(spot, "properties")) {
      const Spot at = spot.at("properties");
      for (const auto& [name, ignored] : properties->items())
        node.properties.push_back({name, node_at(at.at(name))});
    }
    if (const Json* patterns = keyword(spot, "patternProperties")) {
      const Spot at = spot.at("patternProperties");
      for (const auto& [source, ignored] : patterns->items()) {
        if (auto compiled = pattern(source, at.at(source)))
          node.patterns.push_back({source, std::move(*compiled), node_at(at.at(source))});
      }
    }
    node.additional_properties = inner(spot, "additionalProperties");
    node.property_names = inner(spot, "propertyNames");
    const Json* dependencies = keyword(spot, "dependencies");
    if (dependencies == nullptr) return;
    const Spot at = spot.at("dependencies");
    for (const auto& [name, value] : dependencies->items()) {
      Dependency dependency{name, {}, {}};
      if (value.is_array()) {
        dependency.required = value.get<std::vector<std::string>>();
      } else {
        dependency.node = node_at(at.at(name));
      }
      node.dependencies.push_back(std::move(dependency));
    }
  }

  void read_logic(Node& node, const Spot& spot) {
    node.all_of = list(spot, "allOf");
    node.any_of = list(spot, "anyOf");
    node.one_of = list(spot, "oneOf");
    node.negated = inner(spot, "not");
    node.condition = inner(spot, "if");
    node.then = inner(spot, "then");
    node.otherwise = inner(spot, "else");
  }

  /// `$ref`s that lead to nothing but `$ref`s say nothing, for ever.
  void refuse_circles() {
    for (const Node& begin : nodes_) {
      const Node* node = &begin;
      for (std::size_t steps = 0; node->reference; ++steps) {
        if (steps > nodes_.size()) {
          return fail(error("schema_reference",
                            "the $ref at " + begin.location + " leads round in a circle"));
        }
        node = &nodes_[*node->reference];
      }
    }
  }

  Registry& registry_;
  Limits limits_;
  const Schema* metaschema_;
  std::vector<Node> nodes_;
  std::map<const Json*, NodeId> ids_;
  std::vector<std::pair<NodeId, Spot>> open_;
  std::set<const Json*> checked_;
  std::optional<Error> failure_;
};

}  // namespace

Result<Schema> Schema::compile(Json document, const std::string& uri, const Resolver& resolver,
                               Limits limits) {
  const auto build = [](Json json, const std::string& name, const Resolver& files, Limits bounds,
                        const Schema* metaschema) -> Result<Schema> {
    Registry registry(files, bounds.depth);
    auto root = registry.add(std::move(json), name);
    if (!root) return root.error();
    auto compiled = Compiler(registry, bounds, metaschema).compile(*root);
    if (!compiled) return compiled.error();
    return Schema(std::move(*compiled));
  };
  static const Schema metaschema =
      build(parse_json(draft7_metaschema()).value_or_throw(), {}, resolve_nothing, {}, nullptr)
          .value_or_throw();
  return build(std::move(document), split_fragment(uri).first, resolver, limits, &metaschema);
}

}  // namespace muster::schema
