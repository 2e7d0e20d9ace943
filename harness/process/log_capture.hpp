#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::process {

enum class Stream { out, err };

/// One line of output, without its line end.
struct LogLine {
  Stream stream = Stream::out;
  std::int64_t t_mono_ns = 0;  ///< when its end was read
  std::string_view text;       ///< valid during the call; raw bytes
};

struct LogLimits {
  std::size_t head_bytes = 64 * 1024;           ///< of the beginning, kept in memory
  std::size_t tail_bytes = 256 * 1024;          ///< of the end, kept in memory
  std::size_t line_bytes = 64 * 1024;           ///< a longer line is cut into several
  std::uint64_t file_bytes = 64 * 1024 * 1024;  ///< what the file may hold; the rest is counted
  /// Applied to what goes to the file; unset: muster::RedactedStream.
  std::function<std::string(std::string_view)> filter;
};

struct LogCounts {
  std::uint64_t bytes = 0;  ///< delivered by the program
  std::uint64_t lines = 0;
  std::uint64_t file_bytes = 0;     ///< written to the file
  std::uint64_t dropped_bytes = 0;  ///< beyond the file's cap, or not written for lack of space
  int file_error = 0;               ///< errno of the first write that failed
};

/// Drains stdout and stderr of one program, so that it never stalls, in bounded memory. Lines of
/// the two streams are in the order in which they were read.
class LogCapture : public std::enable_shared_from_this<LogCapture> {
 public:
  using Listener = std::function<void(const LogLine&)>;
  /// Gets whole lines of one stream as they were read at once, each with its line end.
  using BlockListener = std::function<void(Stream, std::int64_t t_mono_ns, std::string_view lines)>;

  /// `file`: path of the log, or empty. Error `log_failed` when it cannot be opened: it is created
  /// with mode 0600, never through a symbolic link.
  static Result<std::shared_ptr<LogCapture>> make(boost::asio::any_io_executor executor,
                                                  std::string file, LogLimits limits);
  ~LogCapture();

  /// Reads `out` and `err` from now on until their ends.
  void start(UniqueFd out, UniqueFd err);
  /// Both streams have ended, or were closed.
  bool ended() const;
  boost::asio::awaitable<void> until_ended();
  /// The same, but no longer than to `deadline`: whether they have.
  boost::asio::awaitable<bool> until_ended(std::chrono::steady_clock::time_point deadline);
  /// Reads what is there, then stops reading; a last line without end counts as one.
  void close();

  /// The last `count` lines that are kept.
  std::vector<std::string> tail(std::size_t count) const;
  /// Everything kept: head, `… n bytes left out …` when some are, tail.
  std::string text() const;
  const LogCounts& counts() const;
  const std::string& file() const;

  /// Calls `listener` for each line from now on, on the io_context, until `unsubscribe(its
  /// number)`; with `replay` for the lines that are kept first.
  int subscribe(Listener listener, bool replay = false);
  void unsubscribe(int number);
  void on_block(BlockListener listener);

 private:
  struct Impl;
  explicit LogCapture(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// `name` as a file name: everything but letters, digits, `-`, `_` and `.` becomes `_`, also a dot
/// in front; at most 100 bytes; `program` when nothing is left.
std::string log_file_name(std::string_view name);

}  // namespace muster::process
