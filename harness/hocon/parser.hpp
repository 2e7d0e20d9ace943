#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hocon/path.hpp"

namespace muster::hocon {

struct FieldSyntax;

/// A value as it is written. Keys are parsed, substitutions are not yet: the reference reports a
/// malformed `${…}` only when the rest of the file is well formed.
struct ValueSyntax {
  enum class Kind { simple, object, array, concatenation };
  Kind kind = Kind::simple;
  Token token;                      ///< of a simple value
  std::vector<FieldSyntax> fields;  ///< of an object
  std::vector<ValueSyntax> items;   ///< of an array; pieces of a concatenation
  Spot spot;
};

enum class IncludeKind { plain, file, classpath, url };

/// `path = value`, `path += value` or an include statement.
struct FieldSyntax {
  bool is_include = false;
  bool adds = false;  ///< `+=`
  PathElements path;
  ValueSyntax value;
  std::vector<Token> key;  ///< tokens of the path
  IncludeKind include_kind = IncludeKind::plain;
  bool required = false;
  std::string name;  ///< of what is included
  Spot spot;
};

/// Parses a source into its root object or array. `depth` is how deep its root stands already.
/// `charge` is told of the memory that each value takes. Throws Failure of codes `syntax`, `path`
/// and `limit`.
ValueSyntax parse(const Source& source, std::size_t nesting, std::size_t depth, bool lists,
                  const std::function<void(std::size_t bytes, const Spot&)>& charge);

}  // namespace muster::hocon
