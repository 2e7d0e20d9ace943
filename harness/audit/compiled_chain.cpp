#include "audit/compiled_chain.hpp"

#include <algorithm>

namespace muster::audit {
namespace {

using chain::Count;
using chain::kUnset;
using chain::Term;
using chain::TermPtr;

/// The step that stands in front of all else, or null.
const Term* front_step(const Term& term) {
  switch (term.kind()) {
    case Term::Kind::step:
      return &term;
    case Term::Kind::sequence:
    case Term::Kind::guarded:
      return front_step(*term.children()[0]);
    default:
      return nullptr;
  }
}

/// `term` with other counts of the step in front.
TermPtr recounted(const TermPtr& term, std::uint64_t min, std::uint64_t max) {
  if (term->kind() == Term::Kind::step) return Term::step(term->id(), min, max, true);
  TermPtr front = recounted(term->children()[0], min, max);
  if (term->kind() == Term::Kind::guarded)
    return Term::guarded(term->id(), term->begun(), std::move(front));
  return Term::sequence(std::move(front), term->children()[1]);
}

std::uint64_t add(std::uint64_t count, std::uint64_t more) {
  return count == Count::kUnbounded ? count : count + more;
}

/// Two of a counted step that began stand for all that are due, and two for all that are allowed:
/// `count` says how many more.
TermPtr counted(const TermPtr& term, std::uint64_t& count) {
  count = 0;
  const Term* const step = front_step(*term);
  if (step == nullptr || !step->begun()) return term;
  if (step->min() > 2) {
    count = step->min() - 2;
    const std::uint64_t max = step->max() == Count::kUnbounded ? step->max() : step->max() - count;
    return recounted(term, 2, max);
  }
  if (step->min() == 0 && step->max() > 2 && step->max() != Count::kUnbounded) {
    count = step->max() - 2;
    return recounted(term, 0, 2);
  }
  return term;
}

TermPtr uncounted(const TermPtr& term, std::uint64_t count) {
  if (count == 0) return term;
  const Term* const step = front_step(*term);
  return recounted(term, step->min() == 0 ? 0 : step->min() + count, add(step->max(), count));
}

std::vector<bool> unset_of(const std::vector<std::int64_t>& clocks) {
  std::vector<bool> unset;
  for (const std::int64_t clock : clocks) unset.push_back(clock == kUnset);
  return unset;
}

/// Takes steps with a class of events, on clocks that are numbers of clocks: what a taking does to
/// a clock is to copy one, so that the copies tell the move.
class ClassTaking : public chain::Taking {
 public:
  ClassTaking(const chain::Chain& chain, const EventClass& event) : chain_(chain), event_(event) {}

  struct Bound {
    int clock;
    std::int64_t ns;
    friend bool operator==(const Bound&, const Bound&) = default;
  };

  std::uint64_t takes(const chain::StepInfo& info, const chain::Env& env,
                      const Term&) const override {
    if (!event_.takes[static_cast<std::size_t>(info.index)]) return 0;
    const auto& within = info.step.within;
    bounds_.push_back({static_cast<int>(env.anchor(chain_, info.frame)),
                       within ? within->ns : chain::kDefaultWithinNs});
    return 1;
  }
  void bind(const chain::StepInfo& info, chain::Env& env) const override {
    env.touch(chain_, info.frame, CompiledChain::kNow);
  }

  const std::vector<Bound>& bounds() const { return bounds_; }

 private:
  const chain::Chain& chain_;
  const EventClass& event_;
  mutable std::vector<Bound> bounds_;
};

}  // namespace

CompiledChain::CompiledChain(std::shared_ptr<const chain::Chain> chain, const ClassBook& book)
    : chain_(std::move(chain)), book_(book) {
  known(Term::nothing(), std::vector<bool>(chain_->frames().size(), true));
}

int CompiledChain::known(const TermPtr& term, const std::vector<bool>& unset) {
  if (term->kind() == Term::Kind::nothing && !states_.empty()) return 0;
  const auto [begin, end] = index_.equal_range(term->hash());
  for (auto entry = begin; entry != end; ++entry) {
    const Known& other = *states_[static_cast<std::size_t>(entry->second)];
    if (other.unset == unset && *other.term == *term) return entry->second;
  }
  if (states_.size() >= kStates) return -1;
  const int number = static_cast<int>(states_.size());
  auto made = std::make_unique<Known>();
  made->term = term;
  made->unset = unset;
  set_bound(*made);
  states_.push_back(std::move(made));
  index_.emplace(term->hash(), number);
  return number;
}

int CompiledChain::clock_of(int frame, const std::vector<bool>& unset) const {
  while (unset[static_cast<std::size_t>(frame)])
    frame = chain_->frames()[static_cast<std::size_t>(frame)].parent;
  return frame;
}

void CompiledChain::set_bound(Known& known) const {
  if (known.term->nullable()) {
    known.bound = Bound::none;
    return;
  }
  const Term* at = known.term.get();
  while (at->kind() == Term::Kind::sequence || at->kind() == Term::Kind::guarded ||
         at->kind() == Term::Kind::repeat) {
    if (at->kind() == Term::Kind::sequence && at->children()[0]->nullable()) return;
    at = at->children()[0].get();
  }
  if (at->kind() != Term::Kind::step) return;
  const chain::StepInfo& info = chain_->steps()[static_cast<std::size_t>(at->id())];
  int frame = info.frame;
  // a counted step that did not begin counts from where it will be entered
  if (info.counted && !at->begun())
    frame = chain_->frames()[static_cast<std::size_t>(frame)].parent;
  known.bound = Bound::one;
  known.bound_clock = clock_of(frame, known.unset);
  known.bound_ns = info.step.within ? info.step.within->ns : chain::kDefaultWithinNs;
}

CompiledChain::Run CompiledChain::start(std::int64_t armed_ns) {
  const chain::Env env = chain::Env::start(*chain_, armed_ns);
  Run run;
  run.clocks = env.clocks;
  run.state = known(chain_->streaming(), unset_of(run.clocks));
  return run;
}

const CompiledChain::Move& CompiledChain::make_move(int state, int event_class) {
  // computing may make states
  Move made = computed(*states_[static_cast<std::size_t>(state)], book_.at(event_class));
  auto& moves = states_[static_cast<std::size_t>(state)]->moves;
  const auto at = static_cast<std::size_t>(event_class);
  if (moves.size() <= at) moves.resize(at + 1);
  moves[at] = std::make_unique<Move>(std::move(made));
  return *moves[at];
}

CompiledChain::Move CompiledChain::computed(const Known& from, const EventClass& event) {
  Move move;
  for (std::size_t at = 0; at < event.forbids.size(); ++at) {
    const int guard = chain_->nevers()[at].guard;
    if (!event.forbids[at] || (guard >= 0 && !chain::guard_open(*from.term, guard))) continue;
    move.kind = Move::Kind::forbidden;
    move.never = static_cast<int>(at);
    return move;
  }
  if (!chain_->pattern().strict && !event.listed) {
    move.kind = Move::Kind::stay;
    return move;
  }
  chain::State here{from.term, chain::Env::start(*chain_, 0)};
  for (std::size_t frame = 0; frame < here.env.clocks.size(); ++frame)
    here.env.clocks[frame] = from.unset[frame] ? kUnset : static_cast<std::int64_t>(frame);
  const ClassTaking taking(*chain_, event);
  std::vector<chain::Successor> successors;
  chain::derive(*chain_, here, taking, successors);
  if (successors.empty()) {
    // with no bound in play nothing can be taken at any time
    move.kind = taking.bounds().empty() ? Move::Kind::unexpected : Move::Kind::ask;
    return move;
  }
  const auto& bounds = taking.bounds();
  const bool one_bound =
      std::all_of(bounds.begin(), bounds.end(), [&](const auto& b) { return b == bounds.front(); });
  if (successors.size() != 1 || !one_bound) return move;

  const chain::Successor& next = successors.front();
  move.bound_clock = bounds.front().clock;
  move.bound_ns = bounds.front().ns;
  if (next.step >= 0) move.distinct = chain_->steps()[static_cast<std::size_t>(next.step)].distinct;
  for (const std::int64_t clock : next.state.env.clocks)
    move.clocks.push_back(clock == kUnset ? kNoClock : static_cast<int>(clock));
  const std::vector<bool> unset = unset_of(next.state.env.clocks);
  const Term* const front = front_step(*from.term);
  move.repeats = front != nullptr && front->begun() && next.step == front->id() &&
                 (front->min() == 2 || (front->min() == 0 && front->max() == 2));
  // then a run with a count to spend stays in this very state
  if (move.repeats && unset != from.unset) return move;
  move.next = known(counted(next.state.term, move.count), unset);
  if (move.next >= 0) move.kind = Move::Kind::go;
  return move;
}

std::int64_t CompiledChain::deadline(const Run& run) const {
  const Known& known = *states_[static_cast<std::size_t>(run.state)];
  switch (known.bound) {
    case Bound::none:
      return chain::kNever;
    case Bound::one: {
      const std::int64_t from = run.clocks[static_cast<std::size_t>(known.bound_clock)];
      return from > chain::kNever - known.bound_ns ? chain::kNever : from + known.bound_ns;
    }
    case Bound::asked:
      break;
  }
  return chain::deadline(*chain_, state_of(run));
}

bool CompiledChain::accepting(const Run& run) const {
  return states_[static_cast<std::size_t>(run.state)]->term->nullable();
}

chain::State CompiledChain::state_of(const Run& run) const {
  chain::State state{uncounted(states_[static_cast<std::size_t>(run.state)]->term, run.count),
                     chain::Env::start(*chain_, 0)};
  state.env.clocks = run.clocks;
  return state;
}

bool CompiledChain::run_of(const chain::State& state, Run& run) {
  Run made;
  made.clocks = state.env.clocks;
  made.state = known(counted(state.term, made.count), unset_of(made.clocks));
  if (made.state < 0) return false;
  run = std::move(made);
  return true;
}

}  // namespace muster::audit
