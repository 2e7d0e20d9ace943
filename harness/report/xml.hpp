#pragma once

#include <string>
#include <string_view>

namespace muster::report {

/// Text without what no XML 1.0 document may hold, escaped or not: control characters but tab and
/// line ends, U+FFFE and U+FFFF. Malformed UTF-8 becomes U+FFFD; terminal escape sequences
/// (ECMA-48) go as a whole, so that no `[31m` stays behind.
std::string xml_legal(std::string_view text);

/// Character data: legal, with `&`, `<`, `>` and carriage returns escaped.
std::string xml_text(std::string_view text);

/// The value of an attribute, with its quotes: line ends and tabs survive a parser too.
std::string xml_attribute(std::string_view text);

}  // namespace muster::report
