#pragma once

#include <string>

#include "config/config.hpp"

namespace muster::config {

/// Each key with value and origin in columns, after the file and the profile. Secrets are
/// `[redacted]`: those a KeySpec calls secret, those whose name says so, and credentials within
/// values (base/redact).
std::string show_text(const Config& config);

/// `{file, folder, profile, values: [{key, value, origin: {layer, name?, file?, line?, column?},
/// about}]}` on one line; an unset value is null.
std::string show_json(const Config& config);

/// The keys of `schema` as tables of Markdown, one for each first part, for docs/muster_toml.md.
std::string reference_markdown(const Schema& schema);

}  // namespace muster::config
