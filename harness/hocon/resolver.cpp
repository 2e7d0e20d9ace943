#include "hocon/resolver.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::hocon {
namespace {

// What stands at `key`, if that is certain: in a merge of objects that are known in part, a value
// that no older one can change.
const Node* child_of(const Node& container, const Key* key) {
  if (const Object* object = container.as<Object>()) {
    const Fields* field = find(object->fields, key);
    return field ? field->value : nullptr;
  }
  for (const Stack* at = container.as<Merge>()->stack; at; at = at->next) {
    const Object* layer = at->value->as<Object>();
    if (!layer) return nullptr;
    const Fields* field = find(layer->fields, key);
    if (field && hides_older(*field->value)) return field->value;
  }
  return nullptr;
}

}  // namespace

Resolver::Resolver(Reading& reading, const std::map<std::string, std::string>& environment)
    : reading_(reading), tree_(reading.tree()), environment_(environment) {}

const Node* Resolver::resolve(const Node* root) {
  root_ = root;
  return visit(root, nullptr, nullptr).node;
}

// `part` restricts an object to one path below it; null asks for all of a value.
Resolver::Outcome Resolver::visit(const Node* node, const Path* part, const Trail* trail) {
  if (!node->unresolved) return {node};
  const bool remembers = !changing_.count(node);
  if (remembers) {
    if (const auto whole = memo_.find({node, nullptr}); whole != memo_.end())
      return {whole->second};
    if (const auto some = memo_.find({node, part}); part && some != memo_.end())
      return {some->second};
  }
  if (active_set_.count(node)) {
    const auto begin = std::find(active_.begin(), active_.end(), node);
    cycle_.assign(begin, active_.end());
    return {nullptr, true};
  }
  if (++steps_ > reading_.options().limits.resolve_steps)
    refuse("limit", "resolving takes too many steps", node->spot);
  if (depth_ >= reading_.options().limits.resolve_depth)
    refuse("limit",
           "more than " + std::to_string(reading_.options().limits.resolve_depth) +
               " values wait for each other",
           node->spot, "the chain of substitutions is too long");
  ++depth_;
  const Outcome outcome = node->is_object() ? resolve_object(node, part, trail)
                          : node->is_list() ? resolve_list(node, part, trail)
                                            : resolve_pending(node, part, trail);
  --depth_;
  if (!outcome.cycle && outcome.node && remembers)
    remember(node, outcome.node->unresolved ? part : nullptr, outcome.node);
  return outcome;
}

Resolver::Outcome Resolver::resolve_pending(const Node* node, const Path* part,
                                            const Trail* trail) {
  if (node->as<Reference>()) return resolve_reference(node, part, trail);
  if (node->as<Concatenation>()) return resolve_concatenation(node, trail);
  return resolve_merge(node, part, trail);
}

Resolver::Outcome Resolver::resolve_object(const Node* node, const Path* part, const Trail* trail) {
  const Object& object = *node->as<Object>();
  const Trail here{node, trail};
  const Fields* fields = object.fields;
  const auto change = [&](const Fields* entry, const Path* rest) {
    const Node* value = shown(entry->value);
    Outcome outcome{value};
    if (value) outcome = visit(value, rest, &here);
    if (outcome.cycle) return false;
    if (!outcome.node) {
      fields = tree_.erase(fields, entry->key);
    } else if (outcome.node != entry->value) {
      Fields changed = *entry;
      changed.value = outcome.node;
      fields = tree_.put(fields, changed, false);
    }
    return true;
  };
  if (part) {
    const Fields* entry = find(fields, part->key);
    if (entry && part->rest && !change(entry, part->rest)) return {nullptr, true};
  } else {
    for (const Fields* entry : in_table_order(fields)) {
      if (!entry->value->unresolved && hidden_.empty()) continue;
      if (!change(entry, nullptr)) return {nullptr, true};
    }
  }
  if (fields == object.fields) return {node};
  return {tree_.object(fields, object.final, node->spot)};
}

Resolver::Outcome Resolver::resolve_list(const Node* node, const Path* part, const Trail* trail) {
  if (part) return {node};
  const Trail here{node, trail};
  std::vector<const Node*> items;
  for (const Node* item : items_of(*node->as<List>())) {
    const Node* value = shown(item);
    if (!value) continue;
    const Outcome outcome = visit(value, nullptr, &here);
    if (outcome.cycle) return outcome;
    if (outcome.node) items.push_back(outcome.node);
  }
  return {tree_.list(std::move(items), node->spot)};
}

Resolver::Outcome Resolver::resolve_concatenation(const Node* node, const Trail* trail) {
  std::vector<const Node*> pieces;
  for (const Node* piece : node->as<Concatenation>()->pieces) {
    const Outcome outcome = visit(piece, nullptr, trail);
    if (outcome.cycle) return outcome;
    if (outcome.node) pieces.push_back(outcome.node);
  }
  return {concatenate(tree_, pieces, node->spot)};
}

// Each unknown value of the stack is resolved with the merge hidden behind the fold of the values
// below it; the results are merged.
Resolver::Outcome Resolver::resolve_merge(const Node* node, const Path* part, const Trail* trail) {
  const Trail here{node, trail};
  const Node* merged = nullptr;
  for (const Stack* at = node->as<Merge>()->stack; at; at = at->next) {
    Outcome outcome;
    bool seen_below = false;
    if (at->value->is_pending()) {
      const Node* below = fold(tree_, at->next);
      const auto outer = hides_for_.find(node);
      const Node* merge = outer == hides_for_.end() ? node : outer->second;
      if (below && below->as<Merge>()) hides_for_.emplace(below, merge);
      hide(merge, below);
      for (const Trail* up = trail; up; up = up->up) ++changing_[up->container];
      outcome = visit(at->value, part, nullptr);
      for (const Trail* up = trail; up; up = up->up)
        if (--changing_[up->container] == 0) changing_.erase(up->container);
      unhide(merge);
      // A look-back has seen to all older values; without this a chain of them takes its square.
      seen_below = below && !part && memo_.count({below, nullptr});
    } else {
      outcome = visit(at->value, part, &here);
    }
    if (outcome.cycle) return outcome;
    if (outcome.node) merged = merged ? over(tree_, merged, outcome.node) : outcome.node;
    if (seen_below && merged && hides_older(*merged)) break;
  }
  return {merged};
}

Resolver::Outcome Resolver::resolve_reference(const Node* node, const Path* part, const Trail*) {
  const Reference& reference = *node->as<Reference>();
  active_.push_back(node);
  active_set_.insert(node);
  std::size_t mark = remembered_.size();
  Found found = look_up(reference, node->spot);
  Outcome outcome{nullptr, found.cycle};
  if (found.node) {
    mark = remembered_.size();
    outcome = visit(found.node, part, found.trail.empty() ? nullptr : &found.trail.back());
  }
  close(found);
  active_set_.erase(node);
  active_.pop_back();

  if (outcome.cycle) {
    forget_since(mark);
    if (!reference.optional) refuse_cycle(*node, reference);
    if (cycle_.size() > 1)
      reading_.notes().add("pyhocon_optional_cycle",
                           "this refers to itself and is nothing; pyhocon refuses it", node->spot);
    return {nullptr};
  }
  if (outcome.node) {
    if (outcome.node->as<NullValue>())
      reading_.notes().add("pyhocon_null", "pyhocon drops a key that refers to null", node->spot);
    return outcome;
  }
  if (found.node) {  // it is there, but optional substitutions left nothing of it
    if (!reference.optional) refuse_missing(*node, reference);
    return {nullptr};
  }
  // A search that finds nothing leaves no trace in the reference, and within a cycle that shows.
  // The bound keeps many such searches from taking their square.
  if (++fruitless_ < 2'000) forget_since(mark);
  const Node* variable = from_environment(reference, node->spot);
  if (!variable && !reference.optional) refuse_missing(*node, reference);
  if (!variable) note_unknown(*node, reference);
  return {variable};
}

Resolver::Found Resolver::look_up(const Reference& reference, const Spot& spot) {
  if (reference.list) return {};
  Found found = walk(reference.path);
  if (found.node && reference.prefix > 0)
    reading_.notes().add("pyhocon_included_substitution",
                         "this path is relative to where the file is included; pyhocon takes it "
                         "from the root",
                         spot, "include the file at the root, or write the whole path");
  if (found.node || found.cycle || reference.prefix == 0) return found;
  close(found);
  const Path* path = reference.path;
  for (std::size_t i = 0; i < reference.prefix; ++i) path = path->rest;
  return walk(path);
}

// Down from the root. What is pending on the way is resolved as far as the rest of the path needs,
// and until `close` is shown as what it came to.
Resolver::Found Resolver::walk(const Path* path) {
  Found found;
  found.trail.reserve(path->length);
  const Node* container = root_;
  for (; path; path = path->rest) {
    container = known(container);
    found.trail.push_back({container, found.trail.empty() ? nullptr : &found.trail.back()});
    const Node* value = shown(child_of(*container, path->key));
    if (!value) return found;
    if (!path->rest) {
      found.node = value;
      return found;
    }
    if (value->is_pending()) {
      const Outcome outcome = visit(value, path->rest, &found.trail.back());
      if (outcome.cycle) found.cycle = true;
      if (!outcome.node) return found;
      if (outcome.node != value) {
        hide(value, outcome.node);
        found.opened.push_back(value);
      }
      value = outcome.node;
    }
    const Merge* merge = value->as<Merge>();
    if (!value->is_object() && !(merge && merge->object)) {
      if (!value->is_list() && !merge)
        reading_.notes().add("pyhocon_path_through_value",
                             "a substitution leads through " + describe(*value) +
                                 " here and finds nothing; pyhocon refuses it",
                             value->spot);
      return found;
    }
    container = value;
  }
  return found;
}

// A container that was resolved before is searched as it was resolved.
const Node* Resolver::known(const Node* container) const {
  if (!container->unresolved || changing_.count(container)) return container;
  const auto memo = memo_.find({container, nullptr});
  return memo == memo_.end() ? container : memo->second;
}

void Resolver::close(Found& found) {
  for (auto node = found.opened.rbegin(); node != found.opened.rend(); ++node) unhide(*node);
  found.opened.clear();
}

const Node* Resolver::from_environment(const Reference& reference, const Spot& spot) {
  const Path* path = reference.path;
  for (std::size_t i = 0; i < reference.prefix; ++i) path = path->rest;
  if (path->length != 1) return nullptr;
  const std::string& name = path->key->text;
  if (!reference.list) return variable(name, spot);
  std::vector<const Node*> items;
  while (const Node* item = variable(name + '_' + std::to_string(items.size()), spot))
    items.push_back(item);
  return items.empty() ? nullptr : tree_.list(std::move(items), spot);
}

const Node* Resolver::variable(const std::string& name, const Spot& spot) {
  used_.insert(name);
  const auto entry = environment_.find(name);
  if (entry == environment_.end()) return nullptr;
  return tree_.text(valid_utf8(entry->second), true, spot, tree_.environment({name}));
}

const Node* Resolver::shown(const Node* node) const {
  while (node) {
    const auto entry = hidden_.find(node);
    if (entry == hidden_.end()) return node;
    node = entry->second.back();
  }
  return node;
}

void Resolver::hide(const Node* node, const Node* replacement) {
  hidden_[node].push_back(replacement);
}

void Resolver::unhide(const Node* node) {
  const auto entry = hidden_.find(node);
  entry->second.pop_back();
  if (entry->second.empty()) hidden_.erase(entry);
}

void Resolver::remember(const Node* node, const Path* part, const Node* result) {
  if (memo_.emplace(MemoKey{node, part}, result).second) {
    tree_.charge(96, node->spot);
    remembered_.emplace_back(node, part);
  }
}

void Resolver::forget_since(std::size_t mark) {
  while (remembered_.size() > mark) {
    memo_.erase(remembered_.back());
    remembered_.pop_back();
  }
}

}  // namespace muster::hocon
