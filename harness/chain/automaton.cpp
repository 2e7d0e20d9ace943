#include "chain/automaton.hpp"

#include <algorithm>
#include <unordered_map>

#include "chain/predicate.hpp"

namespace muster::chain {
namespace {

// Beyond this many ways of reading the same events a chain has to say more clearly what it means.
constexpr std::size_t kStates = 20'000;

/// States without doubles, in the order in which they were found.
class StateSet {
 public:
  void add(State state) {
    const std::size_t hash = state.term->hash() ^ (state.env.hash(true) * 31);
    const auto [begin, end] = index_.equal_range(hash);
    for (auto known = begin; known != end; ++known) {
      const State& other = states_[known->second];
      if (*other.term == *state.term && other.env.equal(state.env, true)) return;
    }
    index_.emplace(hash, states_.size());
    states_.push_back(std::move(state));
  }

  std::size_t size() const { return states_.size(); }
  std::vector<State> take() { return std::move(states_); }

 private:
  std::vector<State> states_;
  std::unordered_multimap<std::size_t, std::size_t> index_;
};

bool never_holds(const NeverInfo& info, const State& state, const events::Event& event) {
  if (!info.never.name.matches(event.event)) return false;
  if (info.guard >= 0 && !guard_open(*state.term, info.guard)) return false;
  if (info.until >= 0 && state.env.labels[static_cast<std::size_t>(info.until)]) return false;
  for (std::size_t at = 0; at < info.never.where.size(); ++at) {
    if (!holds(info.never.where[at], event, bound_event(state.env, info.where_labels[at])))
      return false;
  }
  return true;
}

}  // namespace

std::vector<Ban> bans(const Chain& chain, const State& state, const events::Event& event) {
  std::vector<Ban> banned;
  for (std::size_t at = 0; at < chain.nevers().size(); ++at) {
    const NeverInfo& info = chain.nevers()[at];
    if (never_holds(info, state, event)) banned.push_back({static_cast<int>(at), info.until});
  }
  return banned;
}

bool allowed(const Chain& chain, const std::vector<Ban>& banned, const Successor& next) {
  return std::all_of(banned.begin(), banned.end(), [&](const Ban& ban) {
    return ban.until >= 0 && next.step >= 0 &&
           chain.steps()[static_cast<std::size_t>(next.step)].label == ban.until;
  });
}

Automaton::Automaton(std::shared_ptr<const Chain> chain, std::int64_t armed_ns)
    : chain_(std::move(chain)) {
  states_.push_back({chain_->streaming(), Env::start(*chain_, armed_ns)});
}

Automaton::Automaton(std::shared_ptr<const Chain> chain, State state, std::uint64_t taken)
    : chain_(std::move(chain)), taken_(taken) {
  states_.push_back(std::move(state));
}

void Automaton::fail(Violation::Kind kind, std::int64_t t_ns,
                     std::shared_ptr<const events::Event> event, int never) {
  violation_ = Violation{kind, t_ns, std::move(event), never};
  states_.clear();
}

void Automaton::take(const std::shared_ptr<const events::Event>& event, std::int64_t t_ns) {
  ++taken_;
  advance(t_ns);
  if (violation_) return;
  const EventTaking taking(*chain_, event, t_ns);
  const bool ignorable = !chain_->pattern().strict && !chain_->lists(event->event);
  StateSet next;
  std::vector<Successor> successors;
  int forbidding = -1;
  for (State& state : states_) {
    const std::vector<Ban> banned = bans(*chain_, state, *event);
    if (!banned.empty()) forbidding = banned.front().never;
    if (ignorable) {
      if (banned.empty()) next.add(std::move(state));
      continue;
    }
    successors.clear();
    derive(*chain_, state, taking, successors);
    for (Successor& successor : successors) {
      if (allowed(*chain_, banned, successor)) next.add(std::move(successor.state));
    }
    if (next.size() > kStates) return fail(Violation::Kind::ambiguous, t_ns, event);
  }
  states_ = next.take();
  if (!states_.empty()) return;
  fail(forbidding >= 0 ? Violation::Kind::forbidden : Violation::Kind::unexpected, t_ns, event,
       forbidding);
}

void Automaton::advance(std::int64_t now_ns) {
  if (violation_ || settled_) return;
  std::int64_t latest = kUnset;
  const auto passed = [&](const State& state) {
    const std::int64_t until = chain::deadline(*chain_, state);
    latest = std::max(latest, until);
    return until < now_ns;
  };
  std::erase_if(states_, passed);
  if (states_.empty()) fail(Violation::Kind::late, latest);
}

void Automaton::settle(std::int64_t now_ns) {
  advance(now_ns);
  if (violation_ || settled_) return;
  settled_ = true;
  if (taken_ == 0) {
    fail(Violation::Kind::empty, now_ns);
  } else if (!accepting()) {
    fail(Violation::Kind::incomplete, now_ns);
  }
}

bool Automaton::accepting() const {
  return std::any_of(states_.begin(), states_.end(),
                     [](const State& state) { return state.term->nullable(); });
}

Verdict Automaton::verdict() const {
  if (violation_) return Verdict::violated;
  return settled_ ? Verdict::satisfied : Verdict::pending;
}

std::optional<std::int64_t> Automaton::deadline() const {
  if (violation_ || settled_) return std::nullopt;
  std::int64_t latest = kUnset;
  for (const State& state : states_) latest = std::max(latest, chain::deadline(*chain_, state));
  return latest == kNever || latest == kUnset ? std::nullopt : std::optional(latest);
}

}  // namespace muster::chain
