#pragma once

#include <string>

#include "chain/pattern.hpp"

namespace muster::chain {

/// Schemas of a folder, for predicates `schema "file.json#/definition"`: each is compiled when a
/// chain that names it is parsed. Errors: those of schema::Schema::open.
SchemaLoader schemas_of_folder(std::string folder);

}  // namespace muster::chain
