#pragma once

#include <string>

#include "base/result.hpp"

namespace muster::shard {

/// Puts text at `path` as a whole or not at all: temporary file beside it, fsync, rename, fsync of
/// the directory. Error: journal::io_error.
Result<void> write_whole(const std::string& path, const std::string& text);

/// fsync of a directory, after a file in it got its name. Error: journal::io_error.
Result<void> sync_directory(const std::string& path);

}  // namespace muster::shard
