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

bool holds_fields(const Node& node) {
  const Merge* merge = node.as<Merge>();
  return node.is_object() || (merge && merge->object);
}

}  // namespace

Resolver::Resolver(Reading& reading, const std::map<std::string, std::string>& environment)
    : reading_(reading), tree_(reading.tree()), environment_(environment) {}

const Node* Resolver::resolve(const Node* root) {
  root_ = root;
  return visit(root, nullptr, {root, nullptr, true}).node;
}

// `part` restricts an object to one path below it; null asks for all of a value.
Resolver::Outcome Resolver::visit(const Node* node, const Path* part, const Position& at) {
  if (!node->unresolved) return {node};
  if (const auto whole = memo_.find({node, nullptr}); whole != memo_.end()) return {whole->second};
  if (const auto some = memo_.find({node, part}); part && some != memo_.end())
    return {some->second};
  if (active_set_.count(node)) {
    cycle_.assign(std::find(active_.begin(), active_.end(), node), active_.end());
    return {nullptr, true};
  }
  const Limits& limits = reading_.options().limits;
  if (++steps_ > limits.resolve_steps)
    refuse("limit", "resolving takes more than " + std::to_string(limits.resolve_steps) + " steps",
           node->spot);
  if (depth_ >= limits.resolve_depth)
    refuse("limit",
           "more than " + std::to_string(limits.resolve_depth) + " values wait for each other",
           node->spot, "the chain of substitutions is too long");
  ++depth_;
  Outcome outcome;
  if (node->is_object())
    outcome = resolve_object(node, part, at);
  else if (node->is_list())
    outcome = part ? Outcome{node} : resolve_list(node, at);
  else if (node->as<Reference>())
    outcome = resolve_reference(node, part, at);
  else if (node->as<Concatenation>())
    outcome = resolve_concatenation(node, at);
  else
    outcome = resolve_merge(node, part, at);
  --depth_;
  if (!outcome.cycle && outcome.node)
    remember(node, outcome.node->unresolved ? part : nullptr, outcome.node);
  return outcome;
}

Resolver::Outcome Resolver::resolve_object(const Node* node, const Path* part, const Position& at) {
  const Object& object = *node->as<Object>();
  const Fields* fields = object.fields;
  const auto change = [&](const Fields* entry, const Path* rest) {
    const Trail here{node, entry->key, 0, at.trail};
    const Outcome outcome = visit(entry->value, rest, {at.root, &here, at.attached});
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
    const Fields* entry = part->rest ? find(fields, part->key) : nullptr;
    if (entry && !change(entry, part->rest)) return {nullptr, true};
  } else {
    for (const Fields* entry : in_table_order(fields))
      if (entry->value->unresolved && !change(entry, nullptr)) return {nullptr, true};
  }
  if (fields == object.fields) return {node};
  return {tree_.object(fields, object.final, node->spot)};
}

Resolver::Outcome Resolver::resolve_list(const Node* node, const Position& at) {
  const std::vector<const Node*> items = items_of(*node->as<List>());
  std::vector<const Node*> resolved;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Trail here{node, nullptr, i, at.trail};
    const Outcome outcome = visit(items[i], nullptr, {at.root, &here, at.attached});
    if (outcome.cycle) return outcome;
    if (outcome.node) resolved.push_back(outcome.node);
  }
  return {tree_.list(std::move(resolved), node->spot)};
}

Resolver::Outcome Resolver::resolve_concatenation(const Node* node, const Position& at) {
  const std::vector<const Node*>& pieces = node->as<Concatenation>()->pieces;
  std::vector<const Node*> resolved;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Trail here{node, nullptr, i, at.trail};
    const Outcome outcome = visit(pieces[i], nullptr, {at.root, &here, at.attached});
    if (outcome.cycle) return outcome;
    if (outcome.node) resolved.push_back(outcome.node);
  }
  return {concatenate(tree_, resolved, node->spot)};
}

Resolver::Outcome Resolver::resolve_merge(const Node* node, const Path* part, const Position& at) {
  const Node* merged = nullptr;
  std::size_t index = 0;
  for (const Stack* layer = node->as<Merge>()->stack; layer; layer = layer->next, ++index) {
    Outcome outcome;
    bool seen_below = false;
    if (layer->value->is_pending()) {
      const Node* below = fold(tree_, layer->next);
      outcome = visit(layer->value, part, {replaced(at, below), nullptr, false});
      // A look-back has seen to all older values; without this a chain of them takes its square.
      seen_below = below && !part && memo_.count({below, nullptr});
    } else {
      const Trail here{node, nullptr, index, at.trail};
      outcome = visit(layer->value, part, {at.root, &here, at.attached});
    }
    if (outcome.cycle) return outcome;
    if (outcome.node) merged = merged ? over(tree_, merged, outcome.node) : outcome.node;
    if (seen_below && merged && hides_older(*merged)) break;
  }
  return {merged};
}

Resolver::Outcome Resolver::resolve_reference(const Node* node, const Path* part,
                                              const Position& at) {
  const Reference& reference = *node->as<Reference>();
  active_.push_back(node);
  active_set_.insert(node);
  std::size_t mark = remembered_.size();
  const Found found = look_up(reference, node->spot, at.root);
  Outcome outcome{nullptr, found.cycle};
  if (found.node) {
    mark = remembered_.size();
    const Trail* trail = found.trail.empty() ? nullptr : &found.trail.back();
    outcome = visit(found.node, part, {found.root, trail, found.attached});
  }
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

Resolver::Found Resolver::look_up(const Reference& reference, const Spot& spot, const Node* root) {
  if (reference.list) return {};
  Found found = walk(reference.path, root);
  if (found.node && reference.prefix > 0)
    reading_.notes().add("pyhocon_included_substitution",
                         "this path is relative to where the file is included; pyhocon takes it "
                         "from the root",
                         spot, "include the file at the root, or write the whole path");
  if (found.node || found.cycle || reference.prefix == 0) return found;
  const Path* path = reference.path;
  for (std::size_t i = 0; i < reference.prefix; ++i) path = path->rest;
  return walk(path, root);
}

// Resolves what is pending on the way as far as the path needs, then goes down.
Resolver::Found Resolver::walk(const Path* path, const Node* root) {
  Found found;
  const Outcome opened = visit(root, path, {root, nullptr, true});
  found.cycle = opened.cycle;
  if (!opened.node) return found;
  found.root = opened.node;
  found.trail.reserve(path->length);
  const Node* container = opened.node;
  for (; path; path = path->rest) {
    found.attached = found.attached && container->is_object();
    found.trail.push_back(
        {container, path->key, 0, found.trail.empty() ? nullptr : &found.trail.back()});
    const Node* value = child_of(*container, path->key);
    if (value && path->rest && !holds_fields(*value)) {
      if (!value->is_list() && !value->is_pending())
        reading_.notes().add("pyhocon_path_through_value",
                             "a substitution leads through " + describe(*value) +
                                 " here and finds nothing; pyhocon refuses it",
                             value->spot);
      value = nullptr;
    }
    if (!value) return found;
    if (!path->rest) found.node = value;
    container = value;
  }
  return found;
}

// The root with another value, or none, at a position.
const Node* Resolver::replaced(const Position& at, const Node* replacement) {
  if (!at.attached) return at.root;
  for (const Trail* trail = at.trail; trail; trail = trail->up)
    replacement = with_child(*trail, replacement);
  return replacement ? replacement : tree_.object(nullptr, false, root_->spot);
}

const Node* Resolver::with_child(const Trail& trail, const Node* child) {
  const Node& container = *trail.container;
  if (const Object* object = container.as<Object>()) {
    if (!child)
      return tree_.object(tree_.erase(object->fields, trail.key), object->final, container.spot);
    Fields changed = *find(object->fields, trail.key);
    changed.value = child;
    return tree_.object(tree_.put(object->fields, changed, false), object->final, container.spot);
  }
  std::vector<const Node*> values;
  if (const List* list = container.as<List>()) {
    values = items_of(*list);
  } else if (const Concatenation* concatenation = container.as<Concatenation>()) {
    values = concatenation->pieces;
  } else {
    for (const Stack* at = container.as<Merge>()->stack; at; at = at->next)
      values.push_back(at->value);
  }
  if (child)
    values[trail.index] = child;
  else
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(trail.index));
  if (values.empty()) return nullptr;
  if (container.is_list()) return tree_.list(std::move(values), container.spot);
  if (container.as<Concatenation>()) return concatenate(tree_, values, container.spot);
  const Stack* stack = nullptr;
  for (auto value = values.rbegin(); value != values.rend(); ++value)
    stack = tree_.push(*value, stack);
  return fold(tree_, stack);
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

void Resolver::remember(const Node* node, const Path* part, const Node* result) {
  if (!memo_.emplace(MemoKey{node, part}, result).second) return;
  tree_.charge(96, node->spot);
  remembered_.emplace_back(node, part);
}

void Resolver::forget_since(std::size_t mark) {
  while (remembered_.size() > mark) {
    memo_.erase(remembered_.back());
    remembered_.pop_back();
  }
}

}  // namespace muster::hocon
