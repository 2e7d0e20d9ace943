#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/line_scanner.hpp"

namespace muster::audit {

/// The lines of a log are of few shapes: the same keys in the same order, other values. A shape is
/// learned from a line that a LineScanner took: its literal bytes, with a slot for each scalar; the
/// name of the event is literal. A line that has the literals of a shape and a plain scalar in each
/// slot is JSON of the same structure, so that nothing but the values is left to check. Shapes that
/// begin alike share their beginning: they are the leaves of a tree.
class LineShapes {
 public:
  struct Shape {
    int number = 0;  ///< of the shapes, in the order in which they were learned
    std::string event;
  };

  explicit LineShapes(const Fields& fields) : fields_(fields) {}

  /// The shape of the line that begins at `at`, and `after` its line end; null when it has none
  /// that is known, or when a value breaks the envelope. kPadding bytes after the line can be read.
  const Shape* match(const char* at, const char*& after);

  /// Of the last match: a wanted field.
  Value wanted(int field) const;

  /// Learns the line that `scanner` took last; gives the number of its shape, or -1 when it is too
  /// large or there are too many. `line` is followed by its end.
  int learn(std::string_view line, const LineScanner& scanner);

 private:
  static constexpr std::size_t kSlots = 64;
  static constexpr std::size_t kAlternatives = 64;
  static constexpr std::size_t kNodes = 20'000;

  struct Edge {
    std::uint64_t prefix = 0;  // of the literal behind what all alternatives share
    std::uint64_t mask = 0;
    int node = 0;
  };
  struct Edges {
    std::size_t shared = 0;
    std::vector<Edge> all;
  };
  struct Node {
    std::size_t literal = 0;  // in literals_
    std::size_t length = 0;
    Rule rule = Rule::none;  // of the slot behind it
    int shape = -1;          // of a leaf, which has no slot
    Edges next;
  };
  /// Where a wanted field of a shape stands: in a slot, or among the literals.
  struct Source {
    int slot = -1;
    int segment = -1;  // from here …
    std::size_t begin = 0;
    int end_segment = -1;  // … to here
    std::size_t end = 0;
    Value::Kind kind = Value::Kind::absent;
  };
  struct Leaf {
    Shape shape;
    std::vector<Source> wanted;
  };

  const Node* choose(const Edges& edges, const char* at) const;
  bool literal_at(const Node& node, const char* at) const;
  void set_edges(Edges& edges) const;
  Edges* step(Edges* edges, std::string_view literal, Rule rule, bool leaf, int& node);

  const Fields& fields_;
  std::string literals_ = std::string(kSlots, '\0');  // all literals, readable behind the last
  std::vector<Node> nodes_;
  std::vector<Leaf> leaves_;
  Edges roots_;
  // of the last match
  const Leaf* leaf_ = nullptr;
  std::array<Value, kSlots> slots_;
  std::array<const char*, kSlots + 1> segments_{};
};

}  // namespace muster::audit
