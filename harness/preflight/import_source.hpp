#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Files of a project as the import check reads them.
namespace muster::preflight {

/// The bytes of a file, at most `limit` of them; none when it can not be read.
std::optional<std::string> read_source(const std::string& file, std::size_t limit = 16U << 20);

/// The `line`-th line of a file, or empty.
std::string source_line_of(const std::string& file, int line);

/// Appends a code point as UTF-8; U+FFFD for what is none.
void append_utf8(std::string& text, unsigned code);

}  // namespace muster::preflight
