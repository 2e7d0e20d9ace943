#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace muster::net {

/// An event of an event stream (WHATWG HTML, 9.2 Server-sent events).
struct SseEvent {
  std::string id;  ///< last event id when the event was dispatched; persists from earlier events
  std::string event = "message";  ///< type
  std::string data;
  std::uint64_t offset = 0;  ///< bytes of the stream before the first line of the event

  friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

/// Push parser for text/event-stream. Takes bytes in any chunking; no event depends on how the
/// bytes were cut. An event that no blank line ends is never delivered. Lines end by LF, CR or
/// CRLF. One leading BOM is stripped.
class SseParser {
 public:
  using Sink = std::function<void(const SseEvent&)>;

  /// `last_event_id` is where a resumed stream begins. Lines and events above `max_bytes` set
  /// overflowed().
  explicit SseParser(Sink sink, std::string last_event_id = {},
                     std::size_t max_bytes = 1024 * 1024);

  void feed(std::string_view bytes);

  /// Id to send as Last-Event-ID when the stream is resumed: that of the last dispatched block.
  const std::string& last_event_id() const { return last_event_id_; }
  /// What the last valid `retry:` said, in milliseconds.
  std::optional<std::uint64_t> retry_ms() const { return retry_ms_; }
  /// The stream had an event above the limit. The parser then delivers nothing more.
  bool overflowed() const { return overflowed_; }
  /// Bytes fed so far.
  std::uint64_t offset() const { return offset_; }

 private:
  void end_line();
  void field(std::string_view name, std::string_view value);
  void dispatch();

  Sink sink_;
  std::size_t max_bytes_;
  std::string line_, id_, event_, data_, last_event_id_;
  std::optional<std::uint64_t> retry_ms_;
  std::uint64_t offset_ = 0, line_begin_ = 0, event_begin_ = 0;
  bool after_cr_ = false, first_line_ = true, block_open_ = false, overflowed_ = false;
};

/// Cuts a stream into the raw bytes of its blocks (each up to and with its blank line), in any
/// chunking. A CRLF whose LF has not come yet is not waited for: the LF begins the next block,
/// where it means nothing.
class SseSplitter {
 public:
  /// Calls `block` for each block that `bytes` completes.
  void feed(std::string_view bytes, const std::function<void(std::string_view)>& block);
  /// Bytes of the block that is not yet complete.
  const std::string& rest() const { return block_; }

 private:
  std::string block_;
  bool line_empty_ = true, after_cr_ = false;
};

/// One event as it is written: `id: …` if not empty, a `data: …` line per line of `data`, a blank
/// line.
std::string sse_frame(std::string_view id, std::string_view data);
/// A comment, as a heartbeat: `: text`, a blank line.
std::string sse_comment(std::string_view text);

}  // namespace muster::net
