#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::debug {

/// A file of an archive.
struct ArchivedFile {
  std::string path;  ///< relative, with `/`
  std::string content;

  friend bool operator==(const ArchivedFile&, const ArchivedFile&) = default;
};

/// The bytes of a `.tar.gz` with these files in this order, each 0600, of nobody, with `seconds`
/// (since 1970) as its time: the same files give the same bytes. Error `archive_failed`.
Result<std::string> make_tar_gz(const std::vector<ArchivedFile>& files, std::int64_t seconds);

/// The regular files of a `.tar.gz`, up to `limit` bytes together. Errors: `archive_failed`,
/// `archive_too_large`, `archive_path` for a path that is absolute or leads upwards.
Result<std::vector<ArchivedFile>> read_tar_gz(std::string_view bytes,
                                              std::size_t limit = 256 * 1024 * 1024);

}  // namespace muster::debug
