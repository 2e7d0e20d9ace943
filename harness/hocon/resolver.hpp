#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "hocon/merge.hpp"
#include "hocon/reading.hpp"

namespace muster::hocon {

/// Replaces every substitution of a tree by what it refers to.
///
/// A reference is looked up from the root: the path as it is, then, if an include put a prefix in
/// front, without it, then in the environment. While one value of a merge is being resolved, the
/// root is one in which only the older values stand at that place: this is looking back. A
/// reference met while it is being resolved is a cycle: an error, or nothing if it is optional.
/// Results are remembered per value, and per value and path where only a part was needed, so that
/// no object is resolved as a whole for the sake of one field.
class Resolver {
 public:
  Resolver(Reading& reading, const std::map<std::string, std::string>& environment);

  /// The resolved root. Throws Failure of codes `substitution`, `cycle`, `type` and `limit`.
  const Node* resolve(const Node* root);

  /// Variables that were asked for.
  const std::set<std::string>& used_environment() const { return used_; }

 private:
  /// A value, nothing, or that a cycle stands in the way.
  struct Outcome {
    const Node* node = nullptr;
    bool cycle = false;
  };

  /// Where a value stands: in `container`, at a key of an object or else at an index.
  struct Trail {
    const Node* container;
    const Key* key;
    std::size_t index;
    const Trail* up;
  };

  /// The root in which references are looked up, and where in it a value stands; not `attached` if
  /// nowhere.
  struct Position {
    const Node* root;
    const Trail* trail;
    bool attached;
  };

  struct Found {
    const Node* node = nullptr;
    bool cycle = false;
    const Node* root = nullptr;
    std::vector<Trail> trail;
    bool attached = true;
  };

  using MemoKey = std::pair<const Node*, const Path*>;
  struct MemoHash {
    std::size_t operator()(const MemoKey& key) const {
      return std::hash<const void*>()(key.first) * 31 + std::hash<const void*>()(key.second);
    }
  };

  Outcome visit(const Node* node, const Path* part, const Position& at);
  Outcome resolve_object(const Node* node, const Path* part, const Position& at);
  Outcome resolve_list(const Node* node, const Position& at);
  Outcome resolve_reference(const Node* node, const Path* part, const Position& at);
  Outcome resolve_concatenation(const Node* node, const Position& at);
  Outcome resolve_merge(const Node* node, const Path* part, const Position& at);

  Found look_up(const Reference& reference, const Spot& spot, const Node* root);
  Found walk(const Path* path, const Node* root);
  const Node* replaced(const Position& at, const Node* replacement);
  const Node* with_child(const Trail& trail, const Node* child);
  const Node* from_environment(const Reference& reference, const Spot& spot);
  const Node* variable(const std::string& name, const Spot& spot);
  void remember(const Node* node, const Path* part, const Node* result);
  void forget_since(std::size_t mark);

  [[noreturn]] void refuse_missing(const Node& node, const Reference& reference);
  [[noreturn]] void refuse_cycle(const Node& node, const Reference& reference);
  void note_unknown(const Node& node, const Reference& reference);
  std::string name_of(const Reference& reference) const;
  std::vector<std::string> known_paths() const;

  Reading& reading_;
  Tree& tree_;
  const std::map<std::string, std::string>& environment_;
  const Node* root_ = nullptr;
  std::unordered_map<MemoKey, const Node*, MemoHash> memo_;
  std::vector<MemoKey> remembered_;  // in order, to be forgotten
  std::vector<const Node*> active_;  // references being resolved
  std::unordered_set<const Node*> active_set_;
  std::vector<const Node*> cycle_;  // references of the last cycle, for messages
  std::set<std::string> used_;
  std::size_t depth_ = 0;
  std::size_t steps_ = 0;
  std::size_t fruitless_ = 0;  // searches that found nothing
};

}  // namespace muster::hocon
