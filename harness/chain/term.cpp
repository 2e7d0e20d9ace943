#include "chain/term.hpp"

#include <algorithm>

#include "chain/matching.hpp"

namespace muster::chain {
namespace {

void mix(std::size_t& hash, std::size_t value) {
  hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
}

bool same(const TermPtr& a, const TermPtr& b) {
  return a == b || *a == *b;
}

/// Any total order will do for the canonical form of a shuffle, as long as equal terms are
/// neighbours.
bool before(const TermPtr& a, const TermPtr& b) {
  if (a == b || a->hash() != b->hash()) return a != b && a->hash() < b->hash();
  if (a->kind() != b->kind()) return a->kind() < b->kind();
  if (a->id() != b->id()) return a->id() < b->id();
  if (a->min() != b->min()) return a->min() < b->min();
  return a->max() < b->max();
}

std::vector<Slot> slots_of(const std::vector<TermPtr>& steps) {
  std::vector<Slot> slots;
  for (const TermPtr& step : steps) slots.push_back({step->min(), step->max()});
  return slots;
}

}  // namespace

TermPtr Term::made(Term term) {
  std::size_t hash = static_cast<std::size_t>(term.kind_);
  mix(hash, static_cast<std::size_t>(term.id_));
  mix(hash, term.flag_ ? 1 : 0);
  mix(hash, term.min_);
  mix(hash, term.max_);
  for (const TermPtr& child : term.children_) mix(hash, child->hash_);
  for (const auto& [set, count] : term.taken_) {
    mix(hash, set);
    mix(hash, count);
  }
  term.hash_ = hash;
  return std::make_shared<const Term>(std::move(term));
}

TermPtr Term::nothing() {
  static const TermPtr term = made(Term());
  return term;
}

TermPtr Term::step(int index, std::uint64_t min, std::uint64_t max, bool begun) {
  if (max == 0) return nothing();
  Term term;
  term.kind_ = Kind::step;
  term.id_ = index;
  term.min_ = min;
  term.max_ = max;
  term.flag_ = begun;
  term.nullable_ = min == 0;
  return made(std::move(term));
}

TermPtr Term::sequence(TermPtr first, TermPtr then) {
  if (first->kind_ == Kind::nothing) return then;
  if (then->kind_ == Kind::nothing) return first;
  // right-leaning, so that equal continuations are equal terms
  if (first->kind_ == Kind::sequence)
    return sequence(first->children_[0], sequence(first->children_[1], std::move(then)));
  Term term;
  term.kind_ = Kind::sequence;
  term.nullable_ = first->nullable_ && then->nullable_;
  term.children_ = {std::move(first), std::move(then)};
  return made(std::move(term));
}

TermPtr Term::choice(std::vector<TermPtr> children) {
  Term term;
  term.kind_ = Kind::choice;
  term.nullable_ = std::any_of(children.begin(), children.end(),
                               [](const TermPtr& child) { return child->nullable_; });
  term.children_ = std::move(children);
  return made(std::move(term));
}

TermPtr Term::repeat(TermPtr body, std::uint64_t min, std::uint64_t max) {
  if (max == 0) return nothing();
  Term term;
  term.kind_ = Kind::repeat;
  term.min_ = min;
  term.max_ = max;
  term.nullable_ = min == 0 || body->nullable_;
  term.children_ = {std::move(body)};
  return made(std::move(term));
}

TermPtr Term::shuffle(int entry, std::vector<TermPtr> children) {
  std::erase_if(children, [](const TermPtr& child) { return child->kind_ == Kind::nothing; });
  if (children.empty()) return nothing();
  if (entry < 0 && children.size() == 1) return children.front();
  std::sort(children.begin(), children.end(), before);
  Term term;
  term.kind_ = Kind::shuffle;
  term.id_ = entry;
  term.nullable_ = std::all_of(children.begin(), children.end(),
                               [](const TermPtr& child) { return child->nullable_; });
  term.children_ = std::move(children);
  return made(std::move(term));
}

TermPtr Term::matching(int entry, std::vector<TermPtr> steps, Taken taken) {
  const std::vector<Slot> slots = slots_of(steps);
  std::sort(taken.begin(), taken.end());
  if (!all_placed(taken, slots)) return nullptr;
  Term term;
  term.kind_ = Kind::matching;
  term.id_ = entry;
  term.nullable_ = all_filled(taken, slots);
  term.children_ = std::move(steps);
  term.taken_ = std::move(taken);
  return made(std::move(term));
}

TermPtr Term::guarded(int guard, bool opened, TermPtr body) {
  if (body->kind_ == Kind::nothing) return body;
  Term term;
  term.kind_ = Kind::guarded;
  term.id_ = guard;
  term.flag_ = opened;
  term.nullable_ = body->nullable_;
  term.children_ = {std::move(body)};
  return made(std::move(term));
}

bool operator==(const Term& a, const Term& b) {
  return a.hash_ == b.hash_ && a.kind_ == b.kind_ && a.id_ == b.id_ && a.flag_ == b.flag_ &&
         a.min_ == b.min_ && a.max_ == b.max_ && a.taken_ == b.taken_ &&
         std::equal(a.children_.begin(), a.children_.end(), b.children_.begin(), b.children_.end(),
                    same);
}

bool guard_open(const Term& term, int guard) {
  if (term.kind() == Term::Kind::guarded && term.id() == guard && term.begun()) return true;
  return std::any_of(term.children().begin(), term.children().end(),
                     [&](const TermPtr& child) { return guard_open(*child, guard); });
}

}  // namespace muster::chain
