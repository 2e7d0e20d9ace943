#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Small edits of texts for mutants; lines count from 1.
namespace muster::profile {

/// `text` with `line` in front of line `number` (one behind the last appends).
std::string insert_line(std::string_view text, int number, std::string_view line);

/// `text` without line `number`.
std::string without_line(std::string_view text, int number);

/// `text` with `by` for the first `old` in line `number`; nullopt when the line has none.
std::optional<std::string> replace_in_line(std::string_view text, int number, std::string_view old,
                                           std::string_view by);

/// As replace_in_line, but `old` has to stand as a whole word.
std::optional<std::string> replace_word(std::string_view text, int number, std::string_view old,
                                        std::string_view by);

/// `text` and `line` behind it on a line of its own.
std::string append_line(std::string_view text, std::string_view line);

/// The number of the line that byte `offset` stands in.
int line_at(std::string_view text, std::size_t offset);

}  // namespace muster::profile
