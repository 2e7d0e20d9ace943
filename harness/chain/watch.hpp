#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "chain/automaton.hpp"
#include "chain/chain.hpp"

namespace muster::chain {

struct WatchOptions {
  std::int64_t armed_ns = 0;  ///< CLOCK_MONOTONIC; what the first item's bound counts from
  /// The values of the chain's `key`, when the step says whose events are meant (`for workspace
  /// "test"`): other keys are not looked at. Without it every key that comes has to keep the chain,
  /// and at least one has to come.
  std::optional<std::vector<Json>> key;
  bool keep_events = true;  ///< needed to explain; off for logs that do not fit the memory
};

/// A chain that is armed and fed. Order of use: `take` each event and `advance` the time as they
/// come, `settle` when the scope has ended. `next_deadline` says when a timer has to call
/// `advance`. To be used from one thread.
class Watch {
 public:
  /// The events of one key, in order, with what became of them.
  struct Instance {
    std::vector<Json> key;
    std::int64_t armed_ns = 0;  ///< on the chain's clock
    Automaton automaton;
    std::vector<std::shared_ptr<const events::Event>> log;  ///< in scope
    std::vector<std::int64_t> times;                        ///< of `log`, on the chain's clock
  };

  Watch(std::shared_ptr<const Chain> chain, WatchOptions options);

  /// An event that the sink accepted; its `recv_mono_ns` is the time.
  void take(const std::shared_ptr<const events::Event>& event);

  /// It is `now_ns` and nothing came since the last call.
  void advance(std::int64_t now_ns);

  /// The scope has ended at `now_ns`: producers are closed, or nothing came for the settling time.
  void settle(std::int64_t now_ns);

  Verdict verdict() const;

  /// Of the first instance that was violated, or of the watch itself (nothing came, an event
  /// without the key).
  std::optional<Violation> violation() const;

  /// When `advance` has to be called if no event comes before: one nanosecond later the verdict may
  /// change.
  std::optional<std::int64_t> next_deadline() const;

  /// Whether every instance could end here: what an early look before settling asks.
  bool accepting() const;

  const Chain& chain() const { return *chain_; }
  const WatchOptions& options() const { return options_; }
  const std::vector<std::unique_ptr<Instance>>& instances() const { return instances_; }

  /// The instance to explain: the first violated, else the first; null when none was bound.
  const Instance* failing() const;

  /// The latest time the watch was told, ns.
  std::int64_t now_ns() const { return now_ns_; }

 private:
  std::int64_t chain_time(const events::Event& event);
  std::int64_t chain_now(std::int64_t now_ns) const;
  Instance* instance(const events::Event& event, std::int64_t t_ns);
  Instance& bind(std::vector<Json> key, std::int64_t armed_ns);
  bool names(const events::Event& event) const;

  std::shared_ptr<const Chain> chain_;
  WatchOptions options_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::map<std::string, Instance*> by_key_;
  std::optional<Violation> violation_;
  // of `clock event`: where the first event stood on both clocks, and their distance at the last
  // one
  std::int64_t first_ts_ = 0;
  std::int64_t first_arrival_ = 0;
  std::optional<std::int64_t> offset_ns_;
  std::int64_t first_bound_ns_ = kNever;  // while nothing is bound
  std::int64_t now_ns_ = 0;
  bool settled_ = false;
};

}  // namespace muster::chain
