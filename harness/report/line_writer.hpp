#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::report {

/// Writes text so that only whole lines ever leave it, as many as are together in one call. The
/// first error stays: nothing is written after it, and `finish` answers it.
class LineWriter {
 public:
  /// Writes to a descriptor that somebody else closes, e.g. standard output. `name` is for errors.
  static LineWriter to(int fd, std::string name);
  /// Makes the file, or empties it, with the directories above it.
  static Result<LineWriter> file(const std::string& path);

  /// Lines leave at the latest when 64 KiB are together.
  void write(std::string_view text);
  /// Lets whole lines leave now.
  void flush();
  /// Lets everything leave, a last line without an end too, and closes a file.
  Result<void> finish();

  /// Somebody may be looking while it is written: a terminal or a pipe, no regular file.
  bool is_live() const { return live_; }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  LineWriter(UniqueFd owned, int fd, std::string name);
  void send(std::size_t count);

  UniqueFd owned_;
  int fd_;
  std::string name_;
  bool live_ = true;
  std::string waiting_;
  std::optional<Error> failure_;
};

}  // namespace muster::report
