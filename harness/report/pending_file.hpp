#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::report {

/// Why a report can not be written to a place.
Error write_error(const std::string& place, int errno_value);

/// The path behind all symbolic links, also when the file they lead to does not exist yet.
std::string resolved(const std::string& path);

/// A file that appears as a whole or not at all: until `commit` it has no name, or one of its own
/// beside its place. What is not committed is gone with the object.
class PendingFile {
 public:
  /// `path` may lead through symbolic links; the file that they lead to is the one. The folders
  /// above are made. Errors: those of write_error, so that a place that can not be written is
  /// known before anything is run.
  static Result<PendingFile> open(const std::string& path);

  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;
  ~PendingFile();

  int fd() const { return fd_.get(); }
  /// Where it will stand, symbolic links resolved.
  const std::string& path() const { return path_; }
  Result<void> commit();

 private:
  PendingFile(UniqueFd fd, std::string path, std::string temporary)
      : fd_(std::move(fd)), path_(std::move(path)), temporary_(std::move(temporary)) {}

  UniqueFd fd_;
  std::string path_;
  std::string temporary_;  // empty: the file has no name yet
};

}  // namespace muster::report
