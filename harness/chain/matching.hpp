#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace muster::chain {

/// How many events a step of an any-order group takes.
struct Slot {
  std::uint64_t min = 1;
  std::uint64_t max = 1;
};

/// Classes of events: the set of slots (bits) that an event could fill, and how many events.
using EventClasses = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Whether every event can be given a slot without any slot getting more than its max.
bool all_placed(const EventClasses& events, const std::vector<Slot>& slots);

/// Whether, besides, the slots of `required` (bits) can all get their min. By the theorem of
/// Mendelsohn and Dulmage (1958) one assignment does both when one does the first and another the
/// second.
bool all_filled(const EventClasses& events, const std::vector<Slot>& slots,
                std::uint64_t required = ~std::uint64_t{0});

}  // namespace muster::chain
