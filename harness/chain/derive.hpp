#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "chain/chain.hpp"
#include "chain/env.hpp"
#include "chain/term.hpp"

namespace muster::chain {

/// What may come next: a term and what its way there has bound.
struct State {
  TermPtr term;
  Env env;
};

/// A state after one step was taken.
struct Successor {
  State state;
  int step = -1;  ///< in `Chain::steps`; -1 for a matching, which leaves open which step it was
  std::uint64_t count = 1;  ///< occurrences taken
};

/// Decides whether a step is taken, and what that binds. Streaming takes a step with an event that
/// matches; an explanation also takes it with an event that almost matches, or with none at all.
class Taking {
 public:
  virtual ~Taking() = default;
  /// Occurrences of `info` that are taken in `env`, 0 for none; `left` is its step term.
  virtual std::uint64_t takes(const StepInfo& info, const Env& env, const Term& left) const = 0;
  virtual void bind(const StepInfo& info, Env& env) const = 0;
};

/// Takes a step with an event at a time.
class EventTaking : public Taking {
 public:
  EventTaking(const Chain& chain, std::shared_ptr<const events::Event> event, std::int64_t t_ns)
      : chain_(chain), event_(std::move(event)), t_ns_(t_ns) {}

  std::uint64_t takes(const StepInfo& info, const Env& env, const Term& left) const override;
  void bind(const StepInfo& info, Env& env) const override;

 protected:
  /// The name alone, with what wildcards do not stand for.
  bool named(const StepInfo& info) const;

  const Chain& chain_;
  std::shared_ptr<const events::Event> event_;
  std::int64_t t_ns_;
};

/// Appends every state that `state` can be in after one taking (the partial derivatives of its
/// term).
void derive(const Chain& chain, const State& state, const Taking& taking,
            std::vector<Successor>& out);

/// The last moment at which `state` can still come to a good end if nothing happens before it;
/// kNever when nothing needs to happen any more.
std::int64_t deadline(const Chain& chain, const State& state);

/// The steps that could be taken next, with their counts left.
struct Expected {
  int step = -1;
  Count left;
};
std::vector<Expected> expected_next(const Term& term);

/// Whether the predicates of `info` and its `distinct` hold of an event.
bool fields_hold(const StepInfo& info, const events::Event& event, const Env& env);

/// The event that a label slot stands for, or null.
const events::Event* bound_event(const Env& env, int slot);

}  // namespace muster::chain
