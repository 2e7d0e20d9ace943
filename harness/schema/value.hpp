#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace muster::schema {

/// A text that two values share exactly when JSON Schema calls them equal: 1 and 1.0 are.
std::string canonical(const Json& value);

/// < 0, 0 or > 0. Both are numbers; exact over int64, uint64 and double.
int compare_numbers(const Json& a, const Json& b);

/// Whether a number has no fractional part: 1.0 counts.
bool is_integer(const Json& value);

/// Whether `value` is a whole multiple of `divisor` (> 0), as decimal numbers: 0.0075 is one of
/// 0.0001.
bool is_multiple(const Json& value, const Json& divisor);

/// Levels of nesting, 1 for what holds nothing; counts no further than `limit` + 1.
std::size_t depth_of(const Json& value, std::size_t limit);

/// `string "x"`, `number 7`, `an object`, shortened.
std::string describe(const Json& value);

}  // namespace muster::schema
