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

  /// A literal and the slot behind it; a leaf has no slot. The alternatives that may follow are
  /// told apart by eight bytes at `window`, which a multiplication spreads over a small table.
  struct Node {
    static constexpr std::size_t kHead = 32;
    alignas(32) char head[kHead] = {};  // the first bytes of the literal
    std::uint32_t head_mask = 0;        // a bit for each
    std::uint32_t length = 0;
    std::uint32_t guess = 0;  // how long the last value of the slot was
    std::size_t literal = 0;  // in literals_
    Rule rule = Rule::none;   // of the slot
    int shape = -1;           // of a leaf
    int only = -1;            // the one alternative that follows, or -1
    int choice = -1;          // in choices_, where there are several
  };
  struct Choice {
    static constexpr int kBits = 7;
    std::size_t window = 0;
    std::uint64_t spread = 0;  // 0: no window tells all apart, so each is tried
    std::vector<int> all;
    std::array<int, std::size_t{1} << kBits> table{};
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

  Node* chosen(const Node& node, const char* at);
  bool rest_stands(const Node& node, const char* at) const;
  std::string_view literal_of(int node) const;
  int child(int parent, std::string_view literal, Rule rule, bool leaf);
  void tell_apart(Choice& choice) const;

  const Fields& fields_;
  std::string literals_ = std::string(kSlots, '\0');  // all literals, readable behind the last
  std::vector<Node> nodes_ = std::vector<Node>(1);    // the first stands before the line
  std::vector<Choice> choices_;
  std::vector<Leaf> leaves_;
  // of the last match
  const Leaf* leaf_ = nullptr;
  std::array<Value, kSlots> slots_;
  std::array<const char*, kSlots + 1> segments_{};
};

}  // namespace muster::audit
