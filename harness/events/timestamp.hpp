#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace muster::events {

/// Nanoseconds since 1970-01-01T00:00:00Z of an RFC 3339 time: any number of fractional digits
/// (those after the ninth are dropped), `Z` or a numeric offset; none for anything else, also for a
/// day that the calendar does not have. A leap second
/// (`:60`) reads as the second after it.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace muster::events
