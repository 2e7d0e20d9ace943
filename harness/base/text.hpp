#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// Without leading and trailing blanks, tabs and line ends.
std::string_view trim(std::string_view text);

/// The pieces between `separator`s; always at least one.
std::vector<std::string> split(std::string_view text, char separator);

/// `items` with `separator` between them.
std::string join(const std::vector<std::string>& items, std::string_view separator);

/// ASCII lower case.
std::string to_lower(std::string_view text);

/// Equal but for ASCII case.
bool iequals(std::string_view a, std::string_view b);

/// Number of code points of UTF-8 text; each malformed byte counts as one.
std::size_t code_points(std::string_view text);

/// Number of bytes that the first `count` code points of UTF-8 text take.
std::size_t code_point_offset(std::string_view text, std::size_t count);

/// Terminal columns of UTF-8 text (wide characters take two, combining marks none).
std::size_t display_width(std::string_view text);

/// `text` with every malformed byte of UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Harmless in a terminal: control characters become their picture or `\xNN`, malformed UTF-8
/// becomes U+FFFD, bidirectional controls become `<U+202E>`. Line ends and tabs stay if
/// `keep_lines`.
std::string printable(std::string_view text, bool keep_lines = false);

/// Shell-like match: `*` any run, `?` one character; the whole text must match.
bool glob_match(std::string_view pattern, std::string_view text);

/// `text` cut to at most `limit` bytes at a code point, with `…` in place of what is cut.
std::string shorten(std::string_view text, std::size_t limit);

/// The last `count` lines of `text`.
std::vector<std::string> last_lines(std::string_view text, std::size_t count);

}  // namespace muster
