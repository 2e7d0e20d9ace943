#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster {

using Json = nlohmann::json;

/// Parses untrusted JSON: nesting up to `max_depth`, no duplicate keys, nothing after the value.
/// The error has line and column; its code is `json_syntax`, `json_depth` or `json_duplicate_key`.
Result<Json> parse_json(std::string_view text, int max_depth = 64);

/// One line of JSON; malformed UTF-8 becomes U+FFFD.
std::string dump_json(const Json& value);

/// The string at `key` of an object, or `fallback` when it is absent or no string.
std::string string_at(const Json& object, std::string_view key, std::string fallback = {});

}  // namespace muster
