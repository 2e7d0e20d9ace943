#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "journal/directory.hpp"

namespace muster::artifacts {

/// Who holds a lock, for the one that waits.
struct LockOwner {
  std::int64_t pid = 0;
  std::string command;  ///< e.g. `env start`
  std::string since;    ///< RFC 3339
};

/// A lock of this host: a file with its owner's name, held by flock(2). The kernel frees it when
/// its holder ends in whatever way, so that no lock is ever stale; the file stays.
class Lock {
 public:
  /// Takes it or says at once who has it: error `locked`. Others are those of the directory.
  static Result<Lock> take(const journal::Directory& locks, const std::string& name,
                           const LockOwner& owner);

  /// Whether somebody holds it now, and who.
  static Result<std::optional<LockOwner>> holder(const journal::Directory& locks,
                                                 const std::string& name);

 private:
  explicit Lock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace muster::artifacts
