#pragma once

#include <functional>
#include <string>

#include "chain/pattern.hpp"

namespace muster::chain {

/// The event that a label of a predicate stands for, or null.
using LabelValue = const events::Event*;

/// Whether `predicate` holds of `event`. A field that is absent makes every predicate false but
/// `absent`; numbers compare by value, strings by bytes, and values of different types are unequal
/// and in no order.
bool holds(const Predicate& predicate, const events::Event& event, LabelValue label);

/// The same of a predicate without a label, whose field is `found` or absent.
bool holds(const Predicate& predicate, const Json* found);

/// Why it does not hold, for a person: `/payload/last_status == "ready"; found "failed"`. Long
/// values are cut.
std::string why_not(const Predicate& predicate, const events::Event& event, LabelValue label);

}  // namespace muster::chain
