#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "chain/pattern.hpp"

namespace muster::chain {

class Term;
using TermPtr = std::shared_ptr<const Term>;

/// What is still to come: a pattern, or what is left of it after some events. Immutable and
/// compared by content.
///
/// A chain runs by partial derivatives (V. Antimirov, "Partial derivatives of regular expressions
/// and finite automaton constructions", 1996): the terms that are left after an event are the
/// states of the automaton, made as they are reached. A count is a number inside the term, so that
/// ×1,000,000 is one state at a time and not a million.
class Term {
 public:
  enum class Kind {
    nothing,   ///< all is done
    step,      ///< a step, `min` to `max` more times
    sequence,  ///< children[0], then children[1]
    choice,    ///< one of the children
    repeat,    ///< children[0], `min` to `max` more times
    shuffle,   ///< all children, interleaved; sorted
    matching,  ///< an any-order group of pure steps: events taken so far by the set of steps that
               ///< each could be
    guarded,   ///< children[0], an open group that a `never` is bound to
  };

  /// Events taken into a matching: the set of steps (bits, by position in the group) that an event
  /// could be, and how many such.
  using Taken = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  Kind kind() const { return kind_; }
  int id() const {
    return id_;
  }  ///< step, guard; or the entry frame of a group that is not yet entered, -1 once it is
  std::uint64_t min() const { return min_; }
  std::uint64_t max() const { return max_; }
  const std::vector<TermPtr>& children() const { return children_; }
  const Taken& taken() const { return taken_; }
  bool open() const { return id_ < 0; }
  std::size_t hash() const { return hash_; }

  /// Whether nothing more needs to come.
  bool nullable() const { return nullable_; }

  static TermPtr nothing();
  /// `begun`: some of a counted step came already.
  static TermPtr step(int index, std::uint64_t min, std::uint64_t max, bool begun = false);
  static TermPtr sequence(TermPtr first, TermPtr then);
  static TermPtr choice(std::vector<TermPtr> children);
  static TermPtr repeat(TermPtr body, std::uint64_t min, std::uint64_t max);
  /// `entry`: the entry frame while no event came, -1 after.
  static TermPtr shuffle(int entry, std::vector<TermPtr> children);
  /// `steps`: the group's steps as step terms with their counts. nullptr when `taken` fits them in
  /// no way.
  static TermPtr matching(int entry, std::vector<TermPtr> steps, Taken taken);
  static TermPtr guarded(int guard, bool opened, TermPtr body);

  friend bool operator==(const Term& a, const Term& b);

 private:
  Term() = default;
  static TermPtr made(Term term);

  Kind kind_ = Kind::nothing;
  int id_ = -1;
  bool flag_ = false;  // guarded: opened; step: begun
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
  std::vector<TermPtr> children_;
  Taken taken_;
  bool nullable_ = true;
  std::size_t hash_ = 0;

 public:
  /// Whether a guarded group is open, or some of a counted step came.
  bool begun() const { return flag_; }
};

/// Whether `guard` is open in what is left.
bool guard_open(const Term& term, int guard);

}  // namespace muster::chain
