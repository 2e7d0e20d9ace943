#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::journal {

/// The error of a system call: `can not <doing> <path>: <words of errno>`. Codes: `disk_full`
/// (ENOSPC, EDQUOT), `path_symlink` (ELOOP), `path_escape` (EXDEV), `path_missing` (ENOENT),
/// `path_exists` (EEXIST), `path_denied` (EACCES, EPERM), `too_many_files` (EMFILE, ENFILE), else
/// `io`.
Error io_error(std::string_view doing, const std::string& path, int errno_value);

}  // namespace muster::journal
