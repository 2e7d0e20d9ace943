#include "chain/schemas.hpp"

#include <utility>

#include "schema/schema.hpp"

namespace muster::chain {

SchemaLoader schemas_of_folder(std::string folder) {
  return [folder = std::move(folder)](const std::string& reference) -> Result<SchemaCheck> {
    auto schema = schema::Schema::open(reference, folder);
    if (!schema) return schema.error();
    return SchemaCheck([schema = std::move(*schema)](const Json& value) {
      const auto violations = schema.validate(value);
      return violations.empty() ? std::string() : violations.front().to_text();
    });
  };
}

}  // namespace muster::chain
