#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/chain.hpp"
#include "chain/derive.hpp"

namespace muster::chain {

enum class Verdict { pending, satisfied, violated };

/// Why a chain is violated.
struct Violation {
  enum class Kind {
    unexpected,  ///< an event that cannot come here
    forbidden,   ///< an event that a `never` names
    late,        ///< a bound passed
    incomplete,  ///< the scope ended before the chain did
    empty,       ///< nothing came
    unkeyed,     ///< an event that the chain names does not carry the key
    ambiguous,   ///< too many ways to read the events
  };

  Kind kind = Kind::unexpected;
  std::int64_t t_ns = 0;                       ///< on the sink's clock
  std::shared_ptr<const events::Event> event;  ///< of unexpected, forbidden, unkeyed
  int never = -1;                              ///< of forbidden: in `Chain::nevers`
};

/// The nevers of `chain` that forbid `event` in `state`.
struct Ban {
  int never = -1;
  int until = -1;  ///< label slot whose step may still take the event, or -1
};
std::vector<Ban> bans(const Chain& chain, const State& state, const events::Event& event);

/// Whether a taking is allowed under `banned`: only the step that ends a ban is not subject to it.
bool allowed(const Chain& chain, const std::vector<Ban>& banned, const Successor& next);

/// One run of a chain over the events of one key: every state it can be in. Feed it with events in
/// scope, in order.
class Automaton {
 public:
  /// `armed_ns`: what the first item's bound counts from.
  Automaton(std::shared_ptr<const Chain> chain, std::int64_t armed_ns);

  /// Goes on in `state`, after `taken` events.
  Automaton(std::shared_ptr<const Chain> chain, State state, std::uint64_t taken);

  /// Takes an event at `t_ns` of the chain's clock.
  void take(const std::shared_ptr<const events::Event>& event, std::int64_t t_ns);

  /// Time passed. A bound that passes is violated now, without a further event.
  void advance(std::int64_t now_ns);

  /// The scope has ended: pending becomes satisfied or violated.
  void settle(std::int64_t now_ns);

  Verdict verdict() const;
  const std::optional<Violation>& violation() const { return violation_; }

  /// Whether the pattern may end here.
  bool accepting() const;

  /// The moment after which this violates if nothing comes; none while it needs nothing, or once
  /// decided.
  std::optional<std::int64_t> deadline() const;

  std::uint64_t taken() const { return taken_; }

  /// Every state it can be in; none once it is violated.
  const std::vector<State>& states() const { return states_; }

 private:
  void fail(Violation::Kind kind, std::int64_t t_ns,
            std::shared_ptr<const events::Event> event = nullptr, int never = -1);

  std::shared_ptr<const Chain> chain_;
  std::vector<State> states_;
  std::optional<Violation> violation_;
  std::uint64_t taken_ = 0;
  bool settled_ = false;
};

}  // namespace muster::chain
