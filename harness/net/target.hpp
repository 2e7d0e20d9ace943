#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::net {

/// A request target in its parts.
struct Target {
  std::string path;   ///< decoded
  std::string query;  ///< raw, after the `?`
};

/// Takes an origin-form target (RFC 9112 section 3.2.1) apart. Error `bad_target` for: no leading
/// slash, a character that is not printable ASCII, `#`, `\`, a malformed percent sign, an encoded
/// control character, an encoded `/` or `\` in the path (it would move the borders of the
/// segments), a `.` or `..` segment after decoding, malformed UTF-8.
Result<Target> parse_target(std::string_view target);

/// `text` as one segment of a path or value of a query: everything but the unreserved characters of
/// RFC 3986 is percent-encoded.
std::string percent_encode(std::string_view text);

/// The decoded value of `name` in a raw query (`a=1&b=2`), or `fallback`.
std::string query_value(std::string_view query, std::string_view name,
                        std::string_view fallback = {});

}  // namespace muster::net
