#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "hocon/merge.hpp"
#include "hocon/reading.hpp"

namespace muster::hocon {

/// Replaces every substitution of a tree by what it refers to.
///
/// A reference is looked up from the root: in the final tree first, then, for a path that an
/// include put in front, without that prefix, then in the environment. While one value of a merge
/// is being resolved, its key shows only the older values (look-back): the merge is `hidden` behind
/// the fold of what is below. A reference met while it is being resolved is a cycle: an error, or
/// nothing if it is optional. Results are remembered per value, and per value and path where only a
/// part was needed, so that no object is resolved as a whole for the sake of one field.
class Resolver {
 public:
  Resolver(Reading& reading, const std::map<std::string, std::string>& environment);

  /// The resolved root. Throws Failure of codes `substitution`, `cycle`, `type` and `limit`.
  const Node* resolve(const Node* root);

  /// Variables that were asked for.
  const std::set<std::string>& used_environment() const { return used_; }

 private:
  /// Nothing, or that a cycle stands in the way.
  struct Outcome {
    const Node* node = nullptr;
    bool cycle = false;
  };

  /// The containers from the root down to where a value stands.
  struct Trail {
    const Node* container;
    const Trail* up;
  };

  struct Found {
    const Node* node = nullptr;
    bool cycle = false;
    std::vector<Trail> trail;
    std::vector<const Node*> opened;  ///< pending values on the way, shown as what they came to
  };

  struct MemoHash {
    std::size_t operator()(const std::pair<const Node*, const Path*>& key) const {
      return std::hash<const void*>()(key.first) * 31 + std::hash<const void*>()(key.second);
    }
  };
  using MemoKey = std::pair<const Node*, const Path*>;

  Outcome visit(const Node* node, const Path* part, const Trail* trail);
  Outcome resolve_pending(const Node* node, const Path* part, const Trail* trail);
  Outcome resolve_object(const Node* node, const Path* part, const Trail* trail);
  Outcome resolve_list(const Node* node, const Path* part, const Trail* trail);
  Outcome resolve_reference(const Node* node, const Path* part, const Trail* trail);
  Outcome resolve_concatenation(const Node* node, const Trail* trail);
  Outcome resolve_merge(const Node* node, const Path* part, const Trail* trail);

  Found look_up(const Reference& reference, const Spot& spot);
  Found walk(const Path* path);
  const Node* from_environment(const Reference& reference, const Spot& spot);
  const Node* variable(const std::string& name, const Spot& spot);
  const Node* known(const Node* container) const;
  const Node* shown(const Node* node) const;
  void hide(const Node* node, const Node* replacement);
  void unhide(const Node* node);
  void close(Found& found);
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
  std::vector<MemoKey> remembered_;                // in order, to forget after a cycle
  std::unordered_map<const Node*, int> changing_;  // containers of hidden values
  std::unordered_map<const Node*, std::vector<const Node*>> hidden_;  // what shows instead
  std::unordered_map<const Node*, const Node*> hides_for_;  // a fold, by the merge it is of
  std::vector<const Node*> active_;                         // references being resolved
  std::set<const Node*> active_set_;
  std::vector<const Node*> cycle_;  // references of the last cycle, for messages
  std::set<std::string> used_;
  std::size_t depth_ = 0;
  std::size_t steps_ = 0;
  std::size_t fruitless_ = 0;  // searches that found nothing
};

}  // namespace muster::hocon
