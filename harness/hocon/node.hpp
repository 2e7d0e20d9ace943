#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "hocon/source.hpp"

/// The unresolved tree: immutable values that share what they have in common, all owned by one Tree
/// and gone with it. Because nothing is changed in place, looking back (`a = ${a} …`) is looking at
/// an older value.
namespace muster::hocon {

struct Node;

/// A key of an object, stored once. `hash` is Java's String.hashCode: the reference resolves fields
/// in the order of its hash tables, and of several errors reports the first in that order.
struct Key {
  std::string text;
  std::uint32_t hash = 0;
};

/// A path as a list whose tails are shared; equal paths are the same pointer.
struct Path {
  const Key* key = nullptr;
  const Path* rest = nullptr;
  std::size_t length = 1;
};

std::vector<std::string> elements_of(const Path* path);

/// One field in a balanced tree of fields, ordered by key text; with sums over its subtree.
struct Fields {
  const Key* key = nullptr;
  const Node* value = nullptr;
  std::int64_t order = 0;  ///< of insertion, as far as the reference's tables remember it
  std::int64_t born = 0;   ///< of the first mention in the files
  const Fields* left = nullptr;
  const Fields* right = nullptr;
  int height = 1;
  std::uint32_t count = 1;
  std::uint32_t depth = 0;  ///< of the deepest value
  bool unresolved = false;  ///< some value is
  std::uint64_t bytes = 0;  ///< of the values as JSON
};

/// Values that a resolver merges, the latest first.
struct Stack {
  const Node* value = nullptr;
  const Stack* next = nullptr;
  bool final = false;  ///< the oldest value hides what came before
};

struct NullValue {};

struct Number {
  std::string text;
};

struct Text {
  std::string text;
  bool quoted = false;
  const std::vector<std::string>* environment = nullptr;  ///< variables it came from
};

/// A list, or two joined to one without copying them.
struct List {
  std::vector<const Node*> items;
  const Node* left = nullptr;
  const Node* right = nullptr;
  std::size_t count = 0;
};

struct Object {
  const Fields* fields = nullptr;
  bool final = false;  ///< what it overrides was no object: older values are hidden
};

struct Reference {
  const Path* path = nullptr;
  std::size_t prefix = 0;  ///< elements that an include put in front
  bool optional = false;
  bool list = false;
};

struct Concatenation {
  std::vector<const Node*> pieces;
};

/// `a = ${x}`, `a = {…}`: cannot be merged before `${x}` is known.
struct Merge {
  const Stack* stack = nullptr;
  bool object = false;  ///< the latest value is an object
};

using NodeValue =
    std::variant<NullValue, bool, Number, Text, List, Object, Reference, Concatenation, Merge>;

struct Node {
  NodeValue value;
  Spot spot;
  Spot earliest;  ///< of what it was joined from: where the reference places an error about it
  bool unresolved = false;
  std::uint32_t depth = 0;  ///< of what it nests
  std::uint64_t bytes = 0;  ///< as JSON

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  bool is_object() const { return as<Object>() != nullptr; }
  bool is_list() const { return as<List>() != nullptr; }
  /// Not known before it is resolved, not even its kind.
  bool is_pending() const { return as<Reference>() || as<Concatenation>() || as<Merge>(); }
};

/// Of two places the first in the file; `a` if they are in different files.
Spot earlier(const Spot& a, const Spot& b);

/// Where two merged objects begin; an empty one does not count.
Spot earliest_of(const Node& a, const Node& b);

/// `an object`, `a number`, …
std::string describe(const Node& node);

struct TreeLimits {
  std::uint64_t output_bytes;
  std::size_t nesting;
  std::uint64_t work_bytes;
};

/// Owns keys, paths and nodes; refuses what grows beyond the limits.
class Tree {
 public:
  explicit Tree(const TreeLimits& limits) : limits_(limits) {}

  const Key* key(const std::string& text);
  const Path* path(const Key* key, const Path* rest);

  const Node* null(const Spot& spot) { return add(NullValue{}, spot); }
  const Node* boolean(bool value, const Spot& spot) { return add(value, spot); }
  const Node* number(std::string text, const Spot& spot) { return add(Number{text}, spot); }
  const Node* text(std::string text, bool quoted, const Spot& spot,
                   const std::vector<std::string>* environment = nullptr, Spot earliest = {});
  const Node* list(std::vector<const Node*> items, const Spot& spot);
  const Node* joined_list(const Node* left, const Node* right, const Spot& spot);
  const Node* object(const Fields* fields, bool final, const Spot& spot);
  const Node* reference(Reference reference, const Spot& spot) { return add(reference, spot); }
  const Node* concatenation(std::vector<const Node*> pieces, const Spot& spot);
  const Node* merge(const Stack* stack);

  const Stack* push(const Node* value, const Stack* older);
  const std::vector<std::string>* environment(std::vector<std::string> names);

  /// `fields` with the field set; an existing one keeps its place in the file.
  const Fields* set(const Fields* fields, const Key* key, const Node* value);
  /// `fields` with a copy of `entry`, whose order counts unless an existing one's is kept.
  const Fields* put(const Fields* fields, const Fields& entry, bool keep_order);
  const Fields* erase(const Fields* fields, const Key* key);

  std::int64_t next_first() { return --first_; }  ///< an order before all others
  std::int64_t next_last() { return ++last_; }    ///< an order after all others

  /// The same value, placed elsewhere.
  const Node* moved(const Node* node, const Spot& spot);

  /// Counts memory against the limit.
  void charge(std::uint64_t bytes, const Spot& spot);

 private:
  const Node* add(NodeValue value, const Spot& spot);
  const Node* checked(Node& node);
  const Fields* make(const Fields& entry, const Fields* left, const Fields* right);
  const Fields* balance(const Fields& entry, const Fields* left, const Fields* right);
  const Fields* erase_first(const Fields* fields, const Fields*& first);

  TreeLimits limits_;
  std::uint64_t work_ = 0;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::int64_t born_ = 0;
  std::deque<Node> nodes_;
  std::deque<Fields> fields_;
  std::deque<Stack> stacks_;
  std::deque<std::vector<std::string>> environments_;
  std::unordered_map<std::string, Key> keys_;
  struct PathHash {
    std::size_t operator()(const std::pair<const Key*, const Path*>& pair) const {
      return std::hash<const void*>()(pair.first) * 31 + std::hash<const void*>()(pair.second);
    }
  };
  std::unordered_map<std::pair<const Key*, const Path*>, Path, PathHash> paths_;
};

const Fields* find(const Fields* fields, const Key* key);

/// The fields in key order.
void each(const Fields* fields, std::vector<const Fields*>& out);

/// The fields in the order in which the reference's hash table would give them.
std::vector<const Fields*> in_table_order(const Fields* fields);

/// The elements of a list, however it was joined.
std::vector<const Node*> items_of(const List& list);

}  // namespace muster::hocon
