#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "audit/event_classes.hpp"
#include "chain/derive.hpp"

namespace muster::audit {

/// The automaton of a chain as tables that grow as its states are reached: a state and a class of
/// events give the move. Times stay outside: a state knows which of its clocks a bound counts from,
/// a move which clocks it sets. Where a run could go more than one way, or where a time or a value
/// decides what is taken, the move says `ask`: the caller goes on with chain::Automaton, so that
/// the tables need not know everything to be exact.
class CompiledChain {
 public:
  /// Where a run stands.
  struct Run {
    int state = 0;
    /// Occurrences of the counted step in front that are still to come beyond those the state
    /// knows, so that a large count is one state.
    std::uint64_t count = 0;
    std::vector<std::int64_t> clocks;  ///< by frame of the chain
  };

  struct Move {
    enum class Kind : std::uint8_t { go, stay, unexpected, forbidden, ask };
    Kind kind = Kind::ask;
    bool repeats = false;  ///< takes the counted step in front
    int next = 0;
    std::uint64_t count = 0;  ///< of the next state
    int never = -1;
    int distinct = -1;          ///< slot whose values must not hold this event's
    int bound_clock = 0;        ///< in time are events up to this clock …
    std::int64_t bound_ns = 0;  ///< … and so much later
    std::vector<int> clocks;    ///< by frame: the clock it takes over, kNow, or kUnset
  };
  static constexpr int kNow = -1;
  static constexpr int kNoClock = -2;

  CompiledChain(std::shared_ptr<const chain::Chain> chain, const ClassBook& book);

  /// A run whose first bound counts from `armed_ns`.
  Run start(std::int64_t armed_ns);

  const Move& move(int state, int event_class) {
    auto& moves = states_[static_cast<std::size_t>(state)]->moves;
    const auto at = static_cast<std::size_t>(event_class);
    if (at < moves.size() && moves[at]) return *moves[at];
    return make_move(state, event_class);
  }

  /// As chain::deadline.
  std::int64_t deadline(const Run& run) const;
  bool accepting(const Run& run) const;
  /// Whether nothing more can come.
  bool closed(int state) const { return state == 0; }

  /// The state of a run for chain::Automaton, and back; false when there are too many states.
  chain::State state_of(const Run& run) const;
  bool run_of(const chain::State& state, Run& run);

 private:
  // what a table may take of memory; runs beyond it are asked
  static constexpr std::size_t kStates = 50'000;

  enum class Bound : std::uint8_t { none, one, asked };
  struct Known {
    chain::TermPtr term;
    std::vector<bool> unset;
    Bound bound = Bound::asked;
    int bound_clock = 0;
    std::int64_t bound_ns = 0;
    std::vector<std::unique_ptr<Move>> moves;  // by class
  };

  int known(const chain::TermPtr& term, const std::vector<bool>& unset);
  const Move& make_move(int state, int event_class);
  Move computed(const Known& from, const EventClass& event);
  void set_bound(Known& known) const;
  int clock_of(int frame, const std::vector<bool>& unset) const;

  std::shared_ptr<const chain::Chain> chain_;
  const ClassBook& book_;
  std::vector<std::unique_ptr<Known>> states_;
  std::unordered_multimap<std::size_t, int> index_;
};

}  // namespace muster::audit
