#include "hocon/merge.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace muster::hocon {
namespace {

// `first`, then the values of `older`.
const Stack* stack_of(Tree& tree, const Node* first, const Stack* older) {
  const Merge* merge = first->as<Merge>();
  if (!merge) return tree.push(first, older);
  std::vector<const Node*> values;
  for (const Stack* at = merge->stack; at; at = at->next) values.push_back(at->value);
  for (auto value = values.rbegin(); value != values.rend(); ++value)
    older = tree.push(*value, older);
  return older;
}

const Node* merge_objects(Tree& tree, const Node* newer, const Node* older) {
  const Object& above = *newer->as<Object>();
  const Object& below = *older->as<Object>();
  const bool into_older =
      (above.fields ? above.fields->count : 0) <= (below.fields ? below.fields->count : 0);
  bool changed = false;
  const Fields* fields = nullptr;
  if (into_older) {
    fields = below.fields;
    changed = (above.fields ? above.fields->count : 0) != (below.fields ? below.fields->count : 0);
    std::vector<const Fields*> entries = in_table_order(above.fields);
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      Fields made = **entry;
      if (const Fields* existing = find(below.fields, made.key))
        made.value = over(tree, made.value, existing->value);
      else
        changed = true;
      changed = changed || made.value != (*entry)->value;
      made.order = tree.next_first();
      fields = tree.put(fields, made, false);
    }
  } else {
    fields = above.fields;
    for (const Fields* entry : in_table_order(below.fields)) {
      Fields made = *entry;
      const Fields* existing = find(above.fields, made.key);
      if (existing) made.value = over(tree, existing->value, made.value);
      if (existing && made.value == existing->value) continue;
      changed = true;
      made.order = tree.next_last();
      fields = tree.put(fields, made, true);
    }
  }
  if (!changed && below.final == above.final) return newer;
  return tree.object(fields, below.final, changed ? earliest_of(*newer, *older) : newer->spot);
}

// The reference turns an object whose keys are numbers into a list when it meets one.
const Node* as_list(Tree& tree, const Node* object) {
  std::map<long, const Node*> items;
  std::vector<const Fields*> entries;
  each(object->as<Object>()->fields, entries);
  for (const Fields* entry : entries) {
    const std::string& text = entry->key->text;
    long index = -1;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (failed != std::errc() || end != text.data() + text.size() || index < 0 ||
        index > std::numeric_limits<std::int32_t>::max())
      continue;
    items[index] = entry->value;
  }
  if (items.empty()) return object;
  std::vector<const Node*> values;
  for (const auto& [index, value] : items) values.push_back(value);
  return tree.list(std::move(values), object->spot);
}

struct AppendText {
  std::string& out;
  void operator()(const NullValue&) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(const Number& number) const { out += number.text; }
  void operator()(const Text& text) const { out += text.text; }
  template <class T>
  void operator()(const T&) const {}
};

bool is_unquoted_text(const Node& node) {
  const Text* text = node.as<Text>();
  return text && !text->quoted;
}

const Node* join_texts(Tree& tree, const std::vector<const Node*>& texts, const Spot& spot) {
  if (texts.size() == 1) return texts.front();
  std::string text;
  std::vector<std::string> environment;
  Spot earliest = texts.front()->earliest;
  for (const Node* node : texts) {
    earliest = earlier(earliest, node->earliest);
    std::visit(AppendText{text}, node->value);
    const Text* part = node->as<Text>();
    if (!part || !part->environment) continue;
    for (const std::string& name : *part->environment)
      if (std::find(environment.begin(), environment.end(), name) == environment.end())
        environment.push_back(name);
  }
  return tree.text(std::move(text), true, spot,
                   environment.empty() ? nullptr : tree.environment(std::move(environment)),
                   earliest);
}

[[noreturn]] void refuse_join(const Node& left, const Node& right) {
  refuse("type", describe(left) + " and " + describe(right) + " cannot be joined", left.earliest,
         right.spot.line > 0 ? "the other is at " + to_string(place_of(right.spot)) : "");
}

// The reference drops unquoted text after a list or an object, not only white space.
void join(Tree& tree, std::vector<const Node*>& joined, const Node* right) {
  const Node* left = joined.back();
  if (left->is_object() && right->is_list()) left = as_list(tree, left);
  if (left->is_list() && right->is_object()) right = as_list(tree, right);
  if (left->is_object() && right->is_object()) {
    joined.back() = over(tree, right, left);
  } else if (left->is_list() && right->is_list()) {
    joined.back() = tree.joined_list(left, right, left->spot);
  } else if ((left->is_list() || left->is_object()) && is_unquoted_text(*right)) {
    return;
  } else if (left->is_pending() || right->is_pending()) {
    joined.push_back(right);
  } else {
    refuse_join(*left, *right);
  }
}

}  // namespace

bool hides_older(const Node& node) {
  if (const Object* object = node.as<Object>()) return object->final;
  if (const Merge* merge = node.as<Merge>()) return merge->stack->final;
  return !node.unresolved;
}

const Stack* Tree::push(const Node* value, const Stack* older) {
  charge(sizeof(Stack), value->spot);
  stacks_.push_back({value, older, older ? older->final : hides_older(*value)});
  return &stacks_.back();
}

const Node* Tree::merge(const Stack* stack) {
  Node node;
  node.spot = stack->value->spot;
  node.unresolved = true;
  node.value = Merge{stack, stack->value->is_object()};
  return checked(node);
}

const Node* over(Tree& tree, const Node* newer, const Node* older) {
  if (hides_older(*newer)) return newer;
  if (older->is_pending()) {
    const Merge* merge = older->as<Merge>();
    return tree.merge(stack_of(tree, newer, merge ? merge->stack : tree.push(older, nullptr)));
  }
  if (older->is_object() && newer->is_object()) return merge_objects(tree, newer, older);
  if (!newer->unresolved) return tree.object(newer->as<Object>()->fields, true, newer->spot);
  return tree.merge(stack_of(tree, newer, tree.push(older, nullptr)));
}

const Node* fold(Tree& tree, const Stack* stack) {
  if (!stack) return nullptr;
  const Node* merged = stack->value;
  // From an unknown value on, the rest of the stack is itself the fold.
  if (merged->is_pending()) return stack->next ? tree.merge(stack) : merged;
  for (const Stack* at = stack->next; at && !hides_older(*merged); at = at->next) {
    if (at->value->is_pending()) return tree.merge(tree.push(merged, at));
    merged = over(tree, merged, at->value);
  }
  return merged;
}

const Node* concatenate(Tree& tree, const std::vector<const Node*>& pieces, const Spot& spot) {
  std::vector<const Node*> joined;
  std::vector<const Node*> run;  // texts at the end of `joined`, joined at once so as to be linear
  const auto end_run = [&] {
    if (!run.empty()) joined.push_back(join_texts(tree, run, spot));
    run.clear();
  };
  const auto add = [&](const Node* part) {
    const bool after_text = !run.empty();
    const bool is_text = !part->is_pending() && !part->is_list() && !part->is_object();
    if (is_text && (after_text || joined.empty() || joined.back()->is_pending())) {
      run.push_back(part);
      return;
    }
    end_run();
    if (joined.empty())
      joined.push_back(part);
    else
      join(tree, joined, part);
  };
  for (const Node* piece : pieces) {
    if (const Concatenation* inner = piece->as<Concatenation>())
      for (const Node* part : inner->pieces) add(part);
    else
      add(piece);
  }
  end_run();
  if (joined.empty()) return nullptr;
  if (joined.size() == 1) {
    const Node* only = joined.front();
    const bool made = std::find(pieces.begin(), pieces.end(), only) == pieces.end();
    return made && only->is_list() ? tree.moved(only, spot) : only;
  }
  return tree.concatenation(std::move(joined), spot);
}

}  // namespace muster::hocon
