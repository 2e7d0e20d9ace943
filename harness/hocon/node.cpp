#include "hocon/node.hpp"

#include <algorithm>

namespace muster::hocon {
namespace {

// Java's String.hashCode, over UTF-16 code units.
std::uint32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.bytes;
    if (c.value >= 0x10000) {
      hash = hash * 31 + (0xD800 + ((c.value - 0x10000) >> 10));
      hash = hash * 31 + (0xDC00 + ((c.value - 0x10000) & 0x3FF));
    } else {
      hash = hash * 31 + c.value;
    }
  }
  return hash;
}

// Bytes of a scalar as JSON, nearly: escapes are not counted.
struct ScalarBytes {
  std::uint64_t operator()(const NullValue&) const { return 4; }
  std::uint64_t operator()(bool) const { return 5; }
  std::uint64_t operator()(const Number& number) const { return number.text.size(); }
  std::uint64_t operator()(const Text& text) const { return text.text.size() + 2; }
  template <class T>
  std::uint64_t operator()(const T&) const {
    return 0;
  }
};

struct Describe {
  std::string operator()(const NullValue&) const { return "null"; }
  std::string operator()(bool) const { return "a boolean"; }
  std::string operator()(const Number&) const { return "a number"; }
  std::string operator()(const Text&) const { return "a string"; }
  std::string operator()(const List&) const { return "a list"; }
  std::string operator()(const Object&) const { return "an object"; }
  template <class T>
  std::string operator()(const T&) const {
    return "a substitution";
  }
};

}  // namespace

std::vector<std::string> elements_of(const Path* path) {
  std::vector<std::string> elements;
  for (; path; path = path->rest) elements.push_back(path->key->text);
  return elements;
}

Spot earliest_of(const Node& a, const Node& b) {
  const auto empty = [](const Node& node) {
    const Object* object = node.as<Object>();
    return object && !object->fields;
  };
  if (empty(a)) return b.earliest;
  return empty(b) ? a.earliest : earlier(a.earliest, b.earliest);
}

Spot earlier(const Spot& a, const Spot& b) {
  return a.source == b.source && b.line < a.line ? b : a;
}

std::string describe(const Node& node) {
  return std::visit(Describe{}, node.value);
}

const Key* Tree::key(const std::string& text) {
  const auto [entry, fresh] = keys_.try_emplace(text);
  if (fresh) {
    charge(text.size() * 2 + 160, {});
    entry->second = {text, java_hash(text)};
  }
  return &entry->second;
}

const Path* Tree::path(const Key* key, const Path* rest) {
  const auto [entry, fresh] = paths_.try_emplace({key, rest});
  if (fresh) {
    charge(sizeof(Path) + 64, {});
    entry->second = {key, rest, rest ? rest->length + 1 : 1};
  }
  return &entry->second;
}

void Tree::charge(std::uint64_t bytes, const Spot& spot) {
  work_ += bytes;
  if (work_ > limits_.work_bytes)
    refuse("limit",
           "resolving takes more than " + std::to_string(limits_.work_bytes >> 20) + " MiB", spot);
}

const Node* Tree::add(NodeValue value, const Spot& spot) {
  Node node;
  node.value = std::move(value);
  node.bytes = std::visit(ScalarBytes{}, node.value);
  node.unresolved = node.is_pending();
  node.spot = spot;
  return checked(node);
}

const Node* Tree::checked(Node& node) {
  charge(sizeof(Node), node.spot);
  if (node.earliest.line == 0) node.earliest = node.spot;
  if (node.bytes > limits_.output_bytes)
    refuse("limit", "a value is larger than " + std::to_string(limits_.output_bytes) + " bytes",
           node.spot, "a substitution may repeat itself");
  if (node.depth > limits_.nesting)
    refuse("limit", "values are nested more than " + std::to_string(limits_.nesting) + " deep",
           node.spot);
  nodes_.push_back(std::move(node));
  return &nodes_.back();
}

const Node* Tree::text(std::string text, bool quoted, const Spot& spot,
                       const std::vector<std::string>* environment, Spot earliest) {
  charge(text.size(), spot);
  Node node;
  node.bytes = text.size() + 2;
  node.value = Text{std::move(text), quoted, environment};
  node.spot = spot;
  node.earliest = earliest;
  return checked(node);
}

const Node* Tree::moved(const Node* node, const Spot& spot) {
  Node copy = *node;
  copy.spot = spot;
  return checked(copy);
}

const Node* Tree::list(std::vector<const Node*> items, const Spot& spot) {
  Node node;
  node.spot = spot;
  node.depth = 1;
  node.bytes = 2;
  for (const Node* item : items) {
    node.unresolved = node.unresolved || item->unresolved;
    node.depth = std::max(node.depth, item->depth + 1);
    node.bytes += item->bytes + 1;
  }
  charge(items.size() * sizeof(const Node*), spot);
  const std::size_t count = items.size();
  node.value = List{std::move(items), nullptr, nullptr, count};
  return checked(node);
}

const Node* Tree::joined_list(const Node* left, const Node* right, const Spot& spot) {
  Node node;
  node.spot = spot;
  node.earliest = earlier(left->earliest, right->earliest);
  node.unresolved = left->unresolved || right->unresolved;
  node.depth = std::max(left->depth, right->depth);
  node.bytes = left->bytes + right->bytes - 1;
  node.value = List{{}, left, right, left->as<List>()->count + right->as<List>()->count};
  return checked(node);
}

const Node* Tree::object(const Fields* fields, bool final, const Spot& spot) {
  Node node;
  node.spot = spot;
  node.unresolved = fields && fields->unresolved;
  node.depth = fields ? fields->depth + 1 : 1;
  node.bytes = 2 + (fields ? fields->bytes : 0);
  node.value = Object{fields, final};
  return checked(node);
}

const Node* Tree::concatenation(std::vector<const Node*> pieces, const Spot& spot) {
  Node node;
  node.spot = spot;
  node.unresolved = true;
  charge(pieces.size() * sizeof(const Node*), spot);
  node.value = Concatenation{std::move(pieces)};
  return checked(node);
}

const std::vector<std::string>* Tree::environment(std::vector<std::string> names) {
  charge(names.size() * 64 + 32, {});
  environments_.push_back(std::move(names));
  return &environments_.back();
}

const Fields* Tree::set(const Fields* fields, const Key* key, const Node* value) {
  Fields entry;
  entry.key = key;
  entry.value = value;
  entry.order = next_last();
  entry.born = ++born_;
  return put(fields, entry, true);
}

std::vector<const Node*> items_of(const List& list) {
  std::vector<const Node*> items;
  items.reserve(list.count);
  std::vector<const List*> waiting{&list};
  while (!waiting.empty()) {
    const List* part = waiting.back();
    waiting.pop_back();
    items.insert(items.end(), part->items.begin(), part->items.end());
    if (part->right) waiting.push_back(part->right->as<List>());
    if (part->left) waiting.push_back(part->left->as<List>());
  }
  return items;
}

}  // namespace muster::hocon
