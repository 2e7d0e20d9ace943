#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`, counted in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `candidates` to `text` for a "did you mean"; none when nothing is near (more than
/// a third would change).
std::optional<std::string> nearest(std::string_view text,
                                   const std::vector<std::string>& candidates);

/// A line diff of `expected` and `actual`: lines start with `  `, `- ` (expected only) or `+ `
/// (actual only).
std::string line_diff(std::string_view expected, std::string_view actual);

}  // namespace muster
