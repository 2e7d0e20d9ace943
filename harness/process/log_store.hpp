#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/redact.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/log_capture.hpp"

namespace muster::process {

/// Keeps the beginning and the end of a program's output in memory and all of it, up to a cap, in a
/// file. Works on blocks of whole lines, so that a flood costs a copy and not an object per line.
class LogStore {
 public:
  explicit LogStore(LogLimits limits) : limits_(std::move(limits)) {}

  /// Creates or continues the file. Error `log_failed`.
  Result<void> open(const std::string& file);

  /// `block` holds whole lines, each with its line end.
  void add(Stream stream, std::int64_t t_mono_ns, std::string_view block);

  /// Says at the end of the file what is missing in it, and closes it.
  void finish();

  void replay(const LogCapture::Listener& listener) const;
  std::vector<std::string> tail(std::size_t count) const;
  std::string text() const;
  const LogLimits& limits() const { return limits_; }

  LogCounts counts;

 private:
  struct Block {
    Stream stream;
    std::int64_t t_mono_ns;
    std::string text;
  };
  void keep(Stream stream, std::int64_t t_mono_ns, std::string_view block);
  void write(Stream stream, std::string_view block);

  LogLimits limits_;
  UniqueFd file_;
  std::array<RedactedStream, 2> redacted_;  // a secret may be split over blocks of a stream
  std::vector<Block> head_;
  std::deque<Block> tail_;
  std::size_t head_size_ = 0;
  std::size_t tail_size_ = 0;
  std::uint64_t left_out_ = 0;
};

/// Calls `each` for every line of `block`, without line ends.
template <class Each>
void for_each_line(std::string_view block, Each each) {
  while (!block.empty()) {
    const std::size_t end = block.find('\n');
    each(block.substr(0, end));
    if (end == std::string_view::npos) return;
    block.remove_prefix(end + 1);
  }
}

}  // namespace muster::process
