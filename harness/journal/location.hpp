#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace muster::journal {

/// A variable of the environment; the caller decides where it comes from.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// `$MUSTER_RUNTIME_DIR`, else `$XDG_STATE_HOME/muster`, else `$HOME/.local/state/muster`. Empty
/// and (XDG base directory specification) relative XDG values count as absent. Error
/// `runtime_dir_unknown` when none is set.
Result<std::string> runtime_directory(const Environment& environment);

/// `repo-` and the first 12 hex digits of the SHA-256 of the repository's absolute path without
/// symbolic links.
std::string scope_of(const std::string& repository);

/// `YYYYMMDDTHHMMSSZ-` and 8 hex digits.
std::string make_run_id(WallTime now);
std::string run_id_of(WallTime now, std::string_view hex8);
bool is_run_id(std::string_view text);

/// `repo-` and 12 hex digits.
bool is_scope(std::string_view text);

}  // namespace muster::journal
