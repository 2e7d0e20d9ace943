#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::run {

/// The places in a rerun report: PATH[:LINE]…, separated by white space; a path may hold blanks
/// where it ends in .feature or has lines. `name` may begin with `@`.
/// Errors: `file_unreadable`, `nothing_to_rerun` for a file that names nothing.
Result<std::vector<std::string>> read_rerun_list(std::string_view name);

/// Replaces each `@FILE` of the paths by what that file lists.
Result<std::vector<std::string>> expand_lists(const std::vector<std::string>& paths);

/// The places, PATH:LINE, of the scenarios that were not green in the newest run of the project:
/// failed, or cut off before their end. Errors: `no_last_run`, `nothing_to_rerun` when all were
/// green, those of the journal.
Result<std::vector<std::string>> last_failed(const std::string& runtime_directory,
                                             const std::string& project);

}  // namespace muster::run
