// Objects as AVL trees whose versions share subtrees: setting one field of 20,000 copies fifteen
// entries, so that neither a file of many dotted keys nor many look-backs become quadratic.
#include <algorithm>

#include "hocon/node.hpp"

namespace muster::hocon {
namespace {

int height(const Fields* fields) {
  return fields ? fields->height : 0;
}

}  // namespace

const Fields* Tree::make(const Fields& entry, const Fields* left, const Fields* right) {
  Fields made = entry;
  made.left = left;
  made.right = right;
  made.height = 1 + std::max(height(left), height(right));
  made.count = 1;
  made.depth = entry.value->depth;
  made.unresolved = entry.value->unresolved;
  made.bytes = entry.key->text.size() + 4 + entry.value->bytes;
  for (const Fields* side : {left, right}) {
    if (!side) continue;
    made.count += side->count;
    made.depth = std::max(made.depth, side->depth);
    made.unresolved = made.unresolved || side->unresolved;
    made.bytes += side->bytes;
  }
  charge(sizeof(Fields), entry.value->spot);
  fields_.push_back(made);
  return &fields_.back();
}

const Fields* Tree::balance(const Fields& entry, const Fields* left, const Fields* right) {
  if (height(left) > height(right) + 1) {
    if (height(left->left) >= height(left->right))
      return make(*left, left->left, make(entry, left->right, right));
    const Fields* middle = left->right;
    return make(*middle, make(*left, left->left, middle->left), make(entry, middle->right, right));
  }
  if (height(right) > height(left) + 1) {
    if (height(right->right) >= height(right->left))
      return make(*right, make(entry, left, right->left), right->right);
    const Fields* middle = right->left;
    return make(*middle, make(entry, left, middle->left),
                make(*right, middle->right, right->right));
  }
  return make(entry, left, right);
}

const Fields* Tree::put(const Fields* fields, const Fields& entry, bool keep_order) {
  if (!fields) return make(entry, nullptr, nullptr);
  if (fields->key == entry.key) {
    Fields changed = entry;
    changed.born = std::min(fields->born, entry.born);
    if (keep_order) changed.order = fields->order;
    return make(changed, fields->left, fields->right);
  }
  if (entry.key->text < fields->key->text)
    return balance(*fields, put(fields->left, entry, keep_order), fields->right);
  return balance(*fields, fields->left, put(fields->right, entry, keep_order));
}

const Fields* Tree::erase_first(const Fields* fields, const Fields*& first) {
  if (!fields->left) {
    first = fields;
    return fields->right;
  }
  return balance(*fields, erase_first(fields->left, first), fields->right);
}

const Fields* Tree::erase(const Fields* fields, const Key* key) {
  if (!fields) return nullptr;
  if (fields->key == key) {
    if (!fields->left) return fields->right;
    if (!fields->right) return fields->left;
    const Fields* first = nullptr;
    const Fields* right = erase_first(fields->right, first);
    return balance(*first, fields->left, right);
  }
  if (key->text < fields->key->text)
    return balance(*fields, erase(fields->left, key), fields->right);
  return balance(*fields, fields->left, erase(fields->right, key));
}

const Fields* find(const Fields* fields, const Key* key) {
  while (fields && fields->key != key)
    fields = key->text < fields->key->text ? fields->left : fields->right;
  return fields;
}

void each(const Fields* fields, std::vector<const Fields*>& out) {
  if (!fields) return;
  each(fields->left, out);
  out.push_back(fields);
  each(fields->right, out);
}

std::vector<const Fields*> in_table_order(const Fields* fields) {
  std::vector<const Fields*> entries;
  if (!fields) return entries;
  entries.reserve(fields->count);
  each(fields, entries);
  std::uint32_t buckets = 16;  // java.util.HashMap: a power of two, at most three quarters full
  while (entries.size() * 4 > std::size_t{buckets} * 3) buckets *= 2;
  std::sort(entries.begin(), entries.end(), [&](const Fields* a, const Fields* b) {
    const std::uint32_t in_a = (a->key->hash ^ a->key->hash >> 16) & (buckets - 1);
    const std::uint32_t in_b = (b->key->hash ^ b->key->hash >> 16) & (buckets - 1);
    return in_a != in_b ? in_a < in_b : a->order < b->order;
  });
  return entries;
}

}  // namespace muster::hocon
