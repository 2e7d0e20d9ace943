#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "report/pending_file.hpp"

namespace muster::report {

/// Writes text so that only whole lines ever leave it, as many as are together in one call. The
/// first error stays: nothing is written after it, and `finish` answers it.
class LineWriter {
 public:
  /// Writes to a descriptor that somebody else closes, e.g. standard output. `name` is for errors.
  static LineWriter to(int fd, std::string name);
  /// Makes the file, or empties it by `clearing`, with the directories above it. It grows with
  /// every line.
  static Result<LineWriter> file(const std::string& path);
  /// The same, but the file stands there at `finish` only, as a whole, and never if anything went
  /// wrong. What is no regular file is written as it comes.
  static Result<LineWriter> document(const std::string& path);

  /// What takes away what an earlier run left at the place, so that nobody takes it for this one's;
  /// to be called before this goes, once no other place can be refused any more.
  std::function<void()> clearing() const;
  /// Lines leave at the latest when 64 KiB are together.
  void write(std::string_view text);
  /// Lets whole lines leave now.
  void flush();
  /// Lets the piece of a line leave too, to a terminal or a pipe: for somebody who looks on.
  void flush_piece();
  /// Lets everything leave, a last line without an end too, and closes a file.
  Result<void> finish();

  /// Somebody may be looking while it is written: a terminal or a pipe, no regular file.
  bool is_live() const { return live_; }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  LineWriter(UniqueFd owned, int fd, std::string name);
  void send(std::size_t count);
  void take_back_torn_line(std::size_t sent);

  std::unique_ptr<PendingFile> pending_;
  UniqueFd owned_;
  int fd_;
  std::string name_;
  bool live_ = true;
  std::string waiting_;
  std::optional<Error> failure_;
};

}  // namespace muster::report
