#pragma once

#include <unordered_set>
#include <vector>

#include "hocon/reading.hpp"

namespace muster::hocon {

/// Lints of what pyhocon 0.3.61, with which Python applications read HOCON, reads otherwise than
/// HOCON.md says: other values without a word, or an error. Their codes begin with `pyhocon_`.
/// The rules come from running both over the same files, and from pyhocon's grammar.
class Dialect {
 public:
  Dialect(Notes& notes, const Source& source);

  void text(const Token& token);
  void concatenation(const ValueSyntax& syntax);
  void key(const FieldSyntax& field);
  void include(const FieldSyntax& field);
  void reference(const Path* path, const Token& token);

  /// A field at `self` begins and, after its value, ends; `existing` is what it comes to stand
  /// over, if any.
  void begin_field(const Path* self);
  void end_field(const Path* self, const FieldSyntax& field, const Node* existing,
                 const Node& made);

 private:
  struct Open {
    const Path* path;
    bool refers_to_itself;
  };

  Notes& notes_;
  std::vector<Open> open_;
  std::unordered_set<const Path*> self_references_;  // paths that referred to themselves before
};

}  // namespace muster::hocon
