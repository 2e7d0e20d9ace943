#pragma once

#include <string>

#include "base/result.hpp"

namespace muster::app {

/// A private directory with a short path, for sockets and the state of programs; removed with all
/// that is in it when the object ends.
class ScratchDirectory {
 public:
  /// Makes it below $TMPDIR, or /tmp when that is unset or too long for socket paths. Error
  /// `scratch_failed`.
  static Result<ScratchDirectory> make();
  ScratchDirectory(ScratchDirectory&& other) noexcept;
  ~ScratchDirectory();
  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace muster::app
