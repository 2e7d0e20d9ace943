#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

/// The parts of a KeySpec's key; `service[].port` is `service`, `[]`, `port`.
std::vector<std::string> pattern_parts(std::string_view pattern);

/// The parts of a resolved key, unquoted; `service[2]."a.b"` is `service`, `[2]`, `a.b`. Nullopt
/// when it is malformed.
std::optional<std::vector<std::string>> key_parts(std::string_view key);

/// Whether `part` of a resolved key fits `pattern` (a name, `*` or `[]`).
bool part_fits(std::string_view pattern, std::string_view part);

}  // namespace muster::config
