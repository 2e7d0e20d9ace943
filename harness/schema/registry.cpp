#include "schema/registry.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "schema/uri.hpp"
#include "schema/value.hpp"

namespace muster::schema {
namespace {

constexpr std::string_view kMetaschema = "http://json-schema.org/draft-07/schema";

constexpr std::array kOne = {"additionalItems",
                             "contains",
                             "additionalProperties",
                             "propertyNames",
                             "not",
                             "if",
                             "then",
                             "else"};
constexpr std::array kLists = {"allOf", "anyOf", "oneOf"};
constexpr std::array kMaps = {"definitions", "properties", "patternProperties", "dependencies"};

bool is_schema(const Json& json) {
  return json.is_object() || json.is_boolean();
}

Error leads_nowhere(const std::string& reference, const Spot& from) {
  return error("schema_reference", "$ref " + printable(shorten(reference, 200)) + " at " +
                                       from.location() + " leads nowhere");
}

}  // namespace

Spot Spot::at(const std::string& token) const {
  const Json* inner = nullptr;
  if (json->is_object()) {
    const auto found = json->find(token);
    if (found != json->end()) inner = &*found;
  } else if (json->is_array()) {
    std::size_t index = 0;
    const char* end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, index);
    const bool padded = token.size() > 1 && token.front() == '0';
    if (read.ec == std::errc{} && read.ptr == end && !padded && index < json->size())
      inner = &(*json)[index];
  }
  return {inner, document, pointer_to(pointer, token), base};
}

Spot Spot::entered() const {
  Spot inside = *this;
  if (json->is_object() && !json->contains("$ref")) {
    const std::string id = string_at(*json, "$id");
    if (!id.empty()) inside.base = split_fragment(resolve_uri(base, id)).first;
  }
  return inside;
}

void each_subschema(const Spot& spot, const std::function<void(const Spot&)>& each) {
  if (!spot.json->is_object()) return;
  const auto visit = [&](const Spot& inner) {
    if (inner.json != nullptr && is_schema(*inner.json)) each(inner);
  };
  const auto visit_all = [&](const Spot& list) {
    for (std::size_t at = 0; at < list.json->size(); ++at) visit(list.at(std::to_string(at)));
  };
  for (const char* keyword : kOne) visit(spot.at(keyword));
  for (const char* keyword : kLists) {
    const Spot list = spot.at(keyword);
    if (list.json != nullptr && list.json->is_array()) visit_all(list);
  }
  const Spot items = spot.at("items");
  if (items.json != nullptr && items.json->is_array()) {
    visit_all(items);
  } else {
    visit(items);
  }
  for (const char* keyword : kMaps) {
    const Spot map = spot.at(keyword);
    if (map.json == nullptr || !map.json->is_object()) continue;
    for (const auto& [name, ignored] : map.json->items()) visit(map.at(name));
  }
}

Registry::Registry(Resolver resolver, std::size_t depth)
    : resolver_(std::move(resolver)), depth_(depth) {}

void Registry::name_parts(const Spot& outer) {
  const Spot spot = outer.entered();
  if (spot.json->is_object() && !spot.json->contains("$ref")) {
    const std::string id = string_at(*spot.json, "$id");
    if (!id.empty()) {
      std::string name = resolve_uri(outer.base, id);
      if (name.ends_with('#')) name.pop_back();
      named_.emplace(std::move(name), spot);
    }
  }
  each_subschema(spot, [this](const Spot& inner) { name_parts(inner); });
}

Result<Spot> Registry::add(Json document, const std::string& uri) {
  if (depth_of(document, depth_) > depth_) {
    return error("schema_depth",
                 "the schema " + printable(uri) + " nests deeper than " + std::to_string(depth_));
  }
  if (!is_schema(document)) {
    return error("schema_invalid",
                 "the schema " + printable(uri) + " is neither an object nor true or false");
  }
  auto& kept = documents_[uri];
  kept = std::make_unique<const Json>(std::move(document));
  const Spot root{kept.get(), uri, {}, uri};
  named_.emplace(uri, root.entered());
  name_parts(root);
  return root;
}

Result<Spot> Registry::walk(Spot spot, const std::string& pointer,
                            const std::string& reference) const {
  const Spot begin = spot;
  if (!pointer.empty() && pointer.front() != '/') return leads_nowhere(reference, begin);
  for (const std::string& token : pointer_tokens(pointer)) {
    // an `$id` on the way changes what references below it mean
    spot = spot.entered().at(token);
    if (spot.json == nullptr) return leads_nowhere(reference, begin);
  }
  if (!is_schema(*spot.json)) {
    return error("schema_reference", "$ref " + printable(shorten(reference, 200)) + " leads to " +
                                         describe(*spot.json) + ", which is no schema");
  }
  return spot;
}

Result<Spot> Registry::find(const Spot& from, const std::string& reference) {
  const std::string wanted = resolve_uri(from.base, reference);
  const auto [document, fragment] = split_fragment(wanted);
  auto found = named_.find(document);
  if (found == named_.end()) {
    auto loaded = document == kMetaschema ? parse_json(draft7_metaschema()) : resolver_(document);
    if (!loaded) return loaded.error();
    auto added = add(std::move(*loaded), document);
    if (!added) return added.error();
    found = named_.find(document);
  }
  if (!fragment.empty() && fragment.front() != '/') {
    const auto named = named_.find(document + "#" + fragment);
    if (named == named_.end()) return leads_nowhere(reference, from);
    return named->second;
  }
  return walk(found->second, fragment, reference);
}

}  // namespace muster::schema
