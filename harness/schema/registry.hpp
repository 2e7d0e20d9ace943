#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "schema/schema.hpp"

namespace muster::schema {

/// A schema within a document.
struct Spot {
  const Json* json = nullptr;
  std::string document;  ///< URI of the document, without fragment
  std::string pointer;   ///< within the document
  std::string base;      ///< what references in it are resolved against

  std::string location() const { return document + "#" + pointer; }
  Spot at(const std::string& token) const;
  /// The same spot with the base that its own `$id` gives it.
  Spot entered() const;
};

/// Documents and the names that `$id` gives to parts of them.
class Registry {
 public:
  explicit Registry(Resolver resolver, std::size_t depth);

  /// Takes a document and all its `$id`s. Errors: `schema_depth`, `schema_invalid`.
  Result<Spot> add(Json document, const std::string& uri);

  /// Where `reference` leads from `from`; a document that is not known is resolved. Errors:
  /// `schema_reference`, those of add and of the resolver.
  Result<Spot> find(const Spot& from, const std::string& reference);

 private:
  void name_parts(const Spot& spot);
  Result<Spot> walk(Spot spot, const std::string& pointer, const std::string& reference) const;

  Resolver resolver_;
  std::size_t depth_;
  std::map<std::string, std::unique_ptr<const Json>> documents_;
  std::map<std::string, Spot> named_;  ///< absolute URI, with a fragment where `$id` has one
};

/// Calls `each` for every schema that stands in a keyword of `spot`.
void each_subschema(const Spot& spot, const std::function<void(const Spot&)>& each);

}  // namespace muster::schema
