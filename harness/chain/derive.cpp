#include "chain/derive.hpp"

#include <algorithm>
#include <functional>

#include "chain/matching.hpp"
#include "chain/predicate.hpp"

namespace muster::chain {
namespace {

std::uint64_t less(std::uint64_t count, std::uint64_t taken) {
  if (count == Count::kUnbounded) return count;
  return count > taken ? count - taken : 0;
}

using Rebuild = std::function<TermPtr(TermPtr)>;

class Derivation {
 public:
  Derivation(const Chain& chain, const Taking& taking, std::vector<Successor>& out)
      : chain_(chain), taking_(taking), out_(out) {}

  /// `rebuild` puts what is left of `term` back into the term around it.
  void run(const TermPtr& term, const Env& env, const Rebuild& rebuild) {
    switch (term->kind()) {
      case Term::Kind::nothing:
        return;
      case Term::Kind::step:
        return step(*term, env, rebuild);
      case Term::Kind::sequence:
        run(term->children()[0], env, [&](TermPtr left) {
          return rebuild(Term::sequence(std::move(left), term->children()[1]));
        });
        if (term->children()[0]->nullable()) run(term->children()[1], env, rebuild);
        return;
      case Term::Kind::choice:
        for (const TermPtr& child : term->children()) run(child, env, rebuild);
        return;
      case Term::Kind::repeat:
        return run(term->children()[0], env, [&](TermPtr left) {
          return rebuild(Term::sequence(
              std::move(left),
              Term::repeat(term->children()[0], less(term->min(), 1), less(term->max(), 1))));
        });
      case Term::Kind::shuffle:
        return shuffle(*term, env, rebuild);
      case Term::Kind::matching:
        return matching(*term, env, rebuild);
      case Term::Kind::guarded:
        return run(term->children()[0], env, [&](TermPtr left) {
          return rebuild(Term::guarded(term->id(), true, std::move(left)));
        });
    }
  }

 private:
  void step(const Term& term, const Env& env, const Rebuild& rebuild) {
    const StepInfo& info = chain_.steps()[static_cast<std::size_t>(term.id())];
    Successor next;
    next.state.env = env;
    if (!term.begun() && info.counted) next.state.env.enter(chain_, info.frame);
    const std::uint64_t taken = taking_.takes(info, next.state.env, term);
    if (taken == 0) return;
    next.step = info.index;
    next.count = taken;
    taking_.bind(info, next.state.env);
    next.state.term =
        rebuild(Term::step(info.index, less(term.min(), taken), less(term.max(), taken), true));
    out_.push_back(std::move(next));
  }

  Env entered(const Term& term, const Env& env) const {
    Env inside = env;
    if (!term.open()) inside.enter(chain_, term.id());
    return inside;
  }

  void shuffle(const Term& term, const Env& env, const Rebuild& rebuild) {
    const Env inside = entered(term, env);
    const auto& children = term.children();
    for (std::size_t at = 0; at < children.size(); ++at) {
      // equal branches are neighbours and lead to equal states
      if (at > 0 && (children[at] == children[at - 1] || *children[at] == *children[at - 1]))
        continue;
      run(children[at], inside, [&](TermPtr left) {
        std::vector<TermPtr> rest = children;
        rest[at] = std::move(left);
        return rebuild(Term::shuffle(-1, std::move(rest)));
      });
    }
  }

  void matching(const Term& term, const Env& env, const Rebuild& rebuild) {
    Successor next;
    next.state.env = entered(term, env);
    std::uint64_t set = 0;
    const StepInfo* any = nullptr;
    for (std::size_t at = 0; at < term.children().size(); ++at) {
      const Term& child = *term.children()[at];
      const StepInfo& info = chain_.steps()[static_cast<std::size_t>(child.id())];
      if (taking_.takes(info, next.state.env, child) == 0) continue;
      set |= std::uint64_t{1} << at;
      any = &info;
    }
    if (any == nullptr) return;
    Term::Taken taken = term.taken();
    const auto known = std::find_if(taken.begin(), taken.end(),
                                    [&](const auto& entry) { return entry.first == set; });
    if (known == taken.end()) {
      taken.emplace_back(set, 1);
    } else {
      ++known->second;
    }
    TermPtr left = Term::matching(-1, term.children(), std::move(taken));
    if (left == nullptr) return;
    // all steps of the group share its entry frame, and a pure step binds nothing else
    taking_.bind(*any, next.state.env);
    next.state.term = rebuild(std::move(left));
    out_.push_back(std::move(next));
  }

  const Chain& chain_;
  const Taking& taking_;
  std::vector<Successor>& out_;
};

std::int64_t last_moment(const Chain& chain, const TermPtr& term, const Env& env);

/// The last moment at which `term` can still be completed if nothing happens before.
std::int64_t needed_by(const Chain& chain, const TermPtr& term, const Env& env) {
  return term->nullable() ? kNever : last_moment(chain, term, env);
}

std::int64_t matching_last_moment(const Chain& chain, const Term& term, const Env& env) {
  std::vector<Slot> slots;
  std::vector<std::int64_t> deadlines;
  for (const TermPtr& child : term.children()) {
    slots.push_back({child->min(), child->max()});
    deadlines.push_back(env.deadline(chain, chain.steps()[static_cast<std::size_t>(child->id())]));
  }
  std::vector<std::int64_t> moments = deadlines;
  std::sort(moments.rbegin(), moments.rend());
  for (const std::int64_t moment : moments) {
    std::uint64_t closed = 0;
    for (std::size_t at = 0; at < deadlines.size(); ++at) {
      if (deadlines[at] < moment) closed |= std::uint64_t{1} << at;
    }
    if (all_filled(term.taken(), slots, closed)) return moment;
  }
  return moments.back();
}

/// The last moment at which an event can still be taken such that `term` can be completed; kUnset
/// if none can be taken.
std::int64_t last_moment(const Chain& chain, const TermPtr& term, const Env& env) {
  const auto& children = term->children();
  switch (term->kind()) {
    case Term::Kind::nothing:
      return kUnset;
    case Term::Kind::step: {
      const StepInfo& info = chain.steps()[static_cast<std::size_t>(term->id())];
      if (term->begun() || !info.counted) return env.deadline(chain, info);
      Env inside = env;
      inside.enter(chain, info.frame);
      return inside.deadline(chain, info);
    }
    case Term::Kind::sequence: {
      const std::int64_t first = last_moment(chain, children[0], env);
      return children[0]->nullable() ? std::max(first, last_moment(chain, children[1], env))
                                     : first;
    }
    case Term::Kind::choice: {
      std::int64_t latest = kUnset;
      for (const TermPtr& child : children)
        latest = std::max(latest, last_moment(chain, child, env));
      return latest;
    }
    case Term::Kind::repeat:
    case Term::Kind::guarded:
      return last_moment(chain, children[0], env);
    case Term::Kind::matching:
    case Term::Kind::shuffle:
      break;
  }
  Env inside = env;
  if (!term->open()) inside.enter(chain, term->id());
  if (term->kind() == Term::Kind::matching) return matching_last_moment(chain, *term, inside);
  // each child once: groups in groups would double the work with every level
  std::vector<std::int64_t> moments;
  for (const TermPtr& child : children) moments.push_back(last_moment(chain, child, inside));
  std::int64_t latest = kUnset;
  for (std::size_t at = 0; at < children.size(); ++at) {
    std::int64_t here = moments[at];
    for (std::size_t other = 0; other < children.size(); ++other) {
      if (other != at && !children[other]->nullable()) here = std::min(here, moments[other]);
    }
    latest = std::max(latest, here);
  }
  return latest;
}

void collect(const Term& term, std::vector<Expected>& out) {
  if (term.kind() == Term::Kind::step) {
    const auto known = std::find_if(out.begin(), out.end(),
                                    [&](const Expected& entry) { return entry.step == term.id(); });
    if (known == out.end()) out.push_back({term.id(), {term.min(), term.max()}});
    return;
  }
  if (term.kind() == Term::Kind::sequence) {
    collect(*term.children()[0], out);
    if (term.children()[0]->nullable()) collect(*term.children()[1], out);
    return;
  }
  for (const TermPtr& child : term.children()) collect(*child, out);
}

}  // namespace

const events::Event* bound_event(const Env& env, int slot) {
  if (slot < 0) return nullptr;
  const auto& bound = env.labels[static_cast<std::size_t>(slot)];
  return bound ? bound->event.get() : nullptr;
}

bool fields_hold(const StepInfo& info, const events::Event& event, const Env& env) {
  for (std::size_t at = 0; at < info.step.where.size(); ++at) {
    if (!holds(info.step.where[at], event, bound_event(env, info.where_labels[at]))) return false;
  }
  if (info.distinct < 0) return true;
  const auto value = info.step.distinct->find(event);
  return value && !contains(env.distinct[static_cast<std::size_t>(info.distinct)], *value);
}

bool EventTaking::named(const StepInfo& info) const {
  return info.step.name.matches(event_->event) &&
         std::none_of(info.excluded.begin(), info.excluded.end(),
                      [&](const NamePattern& name) { return name.matches(event_->event); });
}

std::uint64_t EventTaking::takes(const StepInfo& info, const Env& env, const Term&) const {
  return named(info) && t_ns_ <= env.deadline(chain_, info) && fields_hold(info, *event_, env) ? 1
                                                                                               : 0;
}

void EventTaking::bind(const StepInfo& info, Env& env) const {
  if (info.label >= 0) env.labels[static_cast<std::size_t>(info.label)] = Bound{event_, t_ns_};
  if (info.distinct >= 0) {
    auto& seen = env.distinct[static_cast<std::size_t>(info.distinct)];
    if (const auto value = info.step.distinct->find(*event_)) seen = with(std::move(seen), *value);
  }
  env.touch(chain_, info.frame, t_ns_);
}

void derive(const Chain& chain, const State& state, const Taking& taking,
            std::vector<Successor>& out) {
  Derivation(chain, taking, out).run(state.term, state.env, [](TermPtr term) { return term; });
}

std::int64_t deadline(const Chain& chain, const State& state) {
  return needed_by(chain, state.term, state.env);
}

std::vector<Expected> expected_next(const Term& term) {
  std::vector<Expected> out;
  collect(term, out);
  return out;
}

}  // namespace muster::chain
