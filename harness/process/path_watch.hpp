#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace muster::process {

/// Tells when a name appears in a directory (inotify(7): created or moved there). One inotify per
/// io_context, which lives as long as that: closing one blocks for milliseconds.
class PathWatch {
 public:
  /// Calls `changed` on the io_context whenever a name appears in `directory`, while the object is
  /// there. Error `watch_failed`, e.g. when there is no such directory.
  static Result<PathWatch> make(boost::asio::any_io_executor executor, const std::string& directory,
                                std::function<void()> changed);
  PathWatch(PathWatch&&) noexcept;
  PathWatch& operator=(PathWatch&&) noexcept;
  ~PathWatch();

 private:
  struct Service;
  struct Entry;
  explicit PathWatch(std::unique_ptr<Entry> entry);
  std::unique_ptr<Entry> entry_;
};

}  // namespace muster::process
