#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "chain/chain.hpp"

namespace muster::chain {

/// The first quoted word of a step's text: whose events its chain is about. Empty for none.
std::string key_in(std::string_view step_text);

/// The key that a step's text gives to its chain (`WatchOptions::key`): none when the text quotes
/// nothing, or the chain's key has several values.
std::optional<std::vector<Json>> key_of_step(const Chain& chain, std::string_view step_text);

/// Of `the play breaks at no named gap:`, where the cause is told and has no letter.
constexpr char kNoLetter = '-';

/// The gap of `the play breaks at gap C:`, `kNoLetter`, or 0: such a step passes when its chain
/// breaks there.
char expected_gap(std::string_view step_text);

}  // namespace muster::chain
