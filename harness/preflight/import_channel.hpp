#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "preflight/check.hpp"

namespace muster::preflight {

/// The interpreter that forks for imports, and the line to it: it gets messages of a length in
/// digits, a line end and a body, and answers with lines of JSON. Whatever it started dies with
/// this object.
class ImportChannel {
 public:
  struct Start {
    std::string python;  ///< a path, or a name on PATH
    std::vector<std::string> environment;
    std::string cwd;
  };

  /// Starts `python` and gives it its program; it answers when `receive` returns its first line.
  /// Errors `python_missing`, `python_failed`.
  static Result<std::unique_ptr<ImportChannel>> start(const Start& start);
  ~ImportChannel();
  ImportChannel(const ImportChannel&) = delete;
  ImportChannel& operator=(const ImportChannel&) = delete;

  /// Queues a message and writes what can be written at once.
  void send(std::string_view body);
  /// The next line, or none when the deadline is over or the interpreter is gone.
  std::optional<std::string> receive(const Deadline& deadline);
  /// It has closed its end.
  bool gone() const { return gone_; }
  /// How it ended and what it said last, for people; waits a moment for that.
  std::string last_words();

 private:
  struct Program;
  ImportChannel();
  void write_some();
  bool read_some();

  std::unique_ptr<Program> program_;
  std::string outgoing_;
  std::string incoming_;
  std::size_t searched_ = 0;  ///< bytes of incoming_ known to hold no line end
  bool gone_ = false;
};

}  // namespace muster::preflight
