#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::audit {

/// A file of lines that is read in pieces, from any thread. It is as long as it was when it was
/// opened. What cannot be read twice (a pipe) is copied to a file without a name first.
class LogFile {
 public:
  /// `-` is standard input. Error `log_io`.
  static Result<LogFile> open(const std::string& path);

  std::uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }

  /// Lines in memory; kPadding bytes after them can be read.
  struct Piece {
    std::string_view lines;    ///< whole ones, each with its end
    std::uint64_t offset = 0;  ///< of the first
    std::string_view rest;     ///< what stands after the last line end of the log
    std::string buffer;        ///< kept for the next piece
  };

  /// The lines that begin at `from` or later and before `to`. Errors: `log_io`, `line_too_long`.
  Result<void> read(std::uint64_t from, std::uint64_t to, Piece& piece) const;

  /// The line that begins at `offset`, without its end.
  Result<std::string> line_at(std::uint64_t offset) const;

  /// Its number, from 1.
  Result<int> line_number(std::uint64_t offset) const;

 private:
  static constexpr std::size_t kLine = 64 << 20;

  LogFile(UniqueFd file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}
  Result<void> fill(std::uint64_t at, char* to, std::size_t bytes) const;

  UniqueFd file_;
  std::string path_;
  std::uint64_t size_ = 0;
};

}  // namespace muster::audit
