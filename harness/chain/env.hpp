#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "base/json.hpp"
#include "chain/chain.hpp"
#include "events/event.hpp"

namespace muster::chain {

constexpr std::int64_t kUnset = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// The event that a label stands for. `event` is null for a step that an explanation had to skip.
struct Bound {
  std::shared_ptr<const events::Event> event;
  std::int64_t t_ns = 0;
};

/// The values that a `distinct` step has seen, newest first; shared between states.
struct Seen {
  Json value;
  std::size_t value_hash = 0;
  std::size_t set_hash = 0;  ///< of all values, in any order
  std::size_t size = 0;
  std::shared_ptr<const Seen> older;
};

bool contains(const std::shared_ptr<const Seen>& seen, const Json& value);
std::shared_ptr<const Seen> with(std::shared_ptr<const Seen> seen, const Json& value);

/// What a state remembers beside its term.
struct Env {
  std::vector<std::int64_t> clocks;  ///< per frame, ns; kUnset
  std::vector<std::optional<Bound>> labels;
  std::vector<std::shared_ptr<const Seen>> distinct;

  /// Before the first event: the root frame at `armed_ns`.
  static Env start(const Chain& chain, std::int64_t armed_ns);

  /// The time that a bound in `frame` counts from.
  std::int64_t anchor(const Chain& chain, int frame) const;
  /// The last moment at which a match of `step` is in time.
  std::int64_t deadline(const Chain& chain, const StepInfo& step) const;
  /// Sets the times of `frame` and those around it after a match at `t_ns`.
  void touch(const Chain& chain, int frame, std::int64_t t_ns);
  /// Forgets the times of an any-order group that begins anew.
  void enter(const Chain& chain, int entry_frame);

  std::size_t hash(bool with_clocks) const;
  bool equal(const Env& other, bool with_clocks) const;
};

}  // namespace muster::chain
