#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// `text` with the values of all names that say secret (secret_names.hpp) replaced by `[redacted]`,
/// as they stand in shells, JSON, YAML, URLs, headers and options. Quotes stay as they are.
std::string redact_assignments(std::string_view text);

/// Those values, where they are single words or texts.
std::vector<std::string> assigned_secrets(std::string_view text);

}  // namespace muster
