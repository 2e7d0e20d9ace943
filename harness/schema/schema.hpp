#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// JSON Schema draft 7 (json-schema.org/draft-07), all of its assertions. `format`,
/// `contentEncoding` and `contentMediaType` are annotations, as the draft allows; `$ref` hides what
/// stands beside it.
namespace muster::schema {

/// A keyword that an instance does not satisfy.
struct Violation {
  std::string instance;  ///< RFC 6901 pointer to the value; empty for the whole
  std::string schema;    ///< where the keyword stands: `uri#/pointer`, `#/pointer` in a schema
                         ///< without a URI
  std::string path;      ///< how it was come to from the root, with every `$ref` on the way
  std::string keyword;   ///< e.g. `type`; `false` for the schema that nothing satisfies
  std::string property;  ///< the member that `required` or `dependencies` misses, else empty
  std::string expected;  ///< e.g. `an integer from 1`
  std::string found;     ///< e.g. `string "1"`
  /// Of `anyOf` and `oneOf`: why the branch that came furthest was refused.
  std::vector<Violation> causes;

  /// `/a/b: expected an integer, found string "1" (schema #/properties/a/type)`.
  std::string to_text() const;
};

/// Gives the document of an absolute URI without fragment. Nothing is ever fetched from a network.
using Resolver = std::function<Result<Json>(const std::string& uri)>;

/// Knows no document.
Result<Json> resolve_nothing(const std::string& uri);

/// Gives the files of a folder for URIs that begin with `prefix` (`file:///schemas/`): a path that
/// would leave the folder is refused.
Resolver resolve_folder(std::string folder, std::string prefix);

/// What a validation may cost; beyond it the instance is refused, whatever the schema would say.
struct Limits {
  std::size_t depth = 256;          ///< of nested schemas, of the instance and of a schema document
  std::size_t checks = 10'000'000;  ///< subschemas applied to values
  std::size_t violations = 100;     ///< told at most
};

/// A compiled schema. Cheap to copy; may be used from several threads.
class Schema {
 public:
  /// Compiles a document that has this URI, with everything it refers to. Errors: `schema_invalid`
  /// (it breaks the meta-schema: says where), `schema_reference` (a `$ref` that leads nowhere or
  /// round in a circle), `schema_pattern`, `schema_depth`, and those of the resolver.
  static Result<Schema> compile(Json document, const std::string& uri = {},
                                const Resolver& resolver = resolve_nothing, Limits limits = {});

  /// Compiles what `reference` (`frames.json#/definitions/frame`) names in a folder. Errors of
  /// compile, and `schema_file`.
  static Result<Schema> open(const std::string& reference, const std::string& folder,
                             Limits limits = {});

  /// What the instance breaks, in the order of the schema's keywords; empty: nothing.
  std::vector<Violation> validate(const Json& instance) const;
  bool accepts(const Json& instance) const;

  struct Compiled;

 private:
  explicit Schema(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

/// The meta-schema of draft 7 as JSON text.
std::string_view draft7_metaschema();

}  // namespace muster::schema
