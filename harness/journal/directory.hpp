#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::journal {

/// A directory beneath a checked root, held open. Every name is opened relative to it with openat2
/// (RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS; component by component with O_NOFOLLOW where the kernel
/// has no openat2), so that nothing planted in the path can lead a write elsewhere. Directories are
/// 0700, files 0600. Names are single components.
class Directory {
 public:
  /// The root; `make` makes it, with its parents, when it is not there. Refused: not a directory, a
  /// symbolic link, another owner (`directory_foreign`), writable by others
  /// (`directory_open_to_others`).
  static Result<Directory> root(const std::string& path, bool make = false);

  /// A directory in this one; `make` makes it when it is not there. Refused as the root is.
  Result<Directory> sub(std::string_view name, bool make = false) const;
  /// A new directory; the error is `path_exists` when there is one.
  Result<Directory> make_new(std::string_view name) const;

  /// A new file to append to; the error is `path_exists` when anything of that name is there.
  Result<UniqueFd> create(std::string_view name) const;
  /// An existing regular file to read; `file_irregular` for a FIFO, device or directory.
  Result<UniqueFd> open(std::string_view name) const;
  /// The whole of an existing regular file, up to `limit` bytes (`file_too_large`).
  Result<std::string> read(std::string_view name, std::size_t limit = 64 * 1024 * 1024) const;

  /// Puts `content` at `name` as a whole or not at all: temporary file, fsync, rename, fsync of the
  /// directory.
  Result<void> write_atomically(std::string_view name, std::string_view content) const;

  /// The same for several files (name, content) in that order, for little more than the time of
  /// one: all of them wait for the disk together.
  Result<void> write_atomically(
      const std::vector<std::pair<std::string, std::string>>& files) const;

  /// An existing regular file to append to, or a new one.
  Result<UniqueFd> open_to_append(std::string_view name) const;

  /// Makes `name` in `other`, in place of what is there, the same file as `name` here: what is
  /// appended later is seen in both. Both lie on one file system.
  Result<void> share(std::string_view name, const Directory& other) const;

  /// Removes a file; success also when there is none.
  Result<void> remove(std::string_view name) const;

  /// Names in this directory, sorted, without `.` and `..`.
  Result<std::vector<std::string>> names() const;

  const std::string& path() const { return path_; }
  int fd() const { return fd_.get(); }

 private:
  Directory(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Result<UniqueFd> open_beneath(std::string_view name, int flags, unsigned mode = 0) const;
  Result<UniqueFd> open_regular(std::string_view name, int flags, unsigned mode = 0) const;
  Result<UniqueFd> write_temporary(const std::string& temporary, std::string_view content) const;
  std::string path_of(std::string_view name) const { return path_ + "/" + std::string(name); }

  UniqueFd fd_;
  std::string path_;
};

/// `name` as a single harmless path component: letters, digits, `.`, `_`, `-` stay, all else
/// becomes `_`; what would change or is too long gets a piece of its SHA-256 at its end, so that
/// different names stay different. Never empty, `.`, `..` or hidden.
std::string safe_file_name(std::string_view name);

}  // namespace muster::journal
