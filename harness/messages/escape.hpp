#pragma once

#include <string>
#include <string_view>

namespace muster::messages {

/// Appends `text` as a JSON string with its quotes (RFC 8259 section 7): quote, backslash and
/// controls escaped, each malformed byte of UTF-8 (RFC 3629: overlong forms, surrogates, beyond
/// U+10FFFF) replaced by U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace muster::messages
