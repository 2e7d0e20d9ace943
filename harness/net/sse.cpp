// The event stream rules are those of the WHATWG HTML standard, section 9.2.6 "Interpreting an
// event stream". No Asio here, so that the fuzz preset can build it.
#include "net/sse.hpp"

#include <algorithm>
#include <charconv>

namespace muster::net {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

}  // namespace

SseParser::SseParser(Sink sink, std::string last_event_id, std::size_t max_bytes)
    : sink_(std::move(sink)),
      max_bytes_(max_bytes),
      id_(last_event_id),
      last_event_id_(std::move(last_event_id)) {}

void SseParser::feed(std::string_view bytes) {
  while (!bytes.empty() && !overflowed_) {
    if (after_cr_) {
      after_cr_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        line_begin_ = ++offset_;
        continue;
      }
    }
    const auto end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    if (line_.size() + data_.size() + end > max_bytes_) {
      overflowed_ = true;
      return;
    }
    line_.append(bytes.substr(0, end));
    offset_ += end;
    bytes.remove_prefix(end);
    if (bytes.empty()) return;
    after_cr_ = bytes.front() == '\r';
    ++offset_;
    bytes.remove_prefix(1);
    end_line();
    line_begin_ = offset_;
  }
}

void SseParser::end_line() {
  std::string_view line = line_;
  if (first_line_ && line.starts_with(bom)) line.remove_prefix(bom.size());
  first_line_ = false;
  if (line.empty()) {
    dispatch();
  } else if (line.front() != ':') {
    if (!block_open_) event_begin_ = line_begin_;
    block_open_ = true;
    const auto colon = line.find(':');
    auto value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line.substr(0, colon), value);
  }
  line_.clear();
}

void SseParser::field(std::string_view name, std::string_view value) {
  if (name == "data") {
    data_.append(value);
    data_.push_back('\n');
  } else if (name == "event") {
    event_ = value;
  } else if (name == "id") {
    if (value.find('\0') == value.npos) id_ = value;
  } else if (name == "retry") {
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
    std::uint64_t number = 0;
    if (!digits) return;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failed == std::errc{} && end == value.data() + value.size()) retry_ms_ = number;
  }
}

void SseParser::dispatch() {
  last_event_id_ = id_;
  block_open_ = false;
  if (data_.empty()) {
    event_.clear();
    return;
  }
  data_.pop_back();
  SseEvent event;
  event.id = last_event_id_;
  if (!event_.empty()) event.event = std::move(event_);
  event.data = std::move(data_);
  event.offset = event_begin_;
  event_.clear();
  data_.clear();
  if (sink_) sink_(event);
}

void SseSplitter::feed(std::string_view bytes, const std::function<void(std::string_view)>& block) {
  for (const char c : bytes) {
    block_.push_back(c);
    const bool second_half = c == '\n' && after_cr_;
    after_cr_ = c == '\r';
    if (second_half) continue;
    if (c != '\r' && c != '\n') {
      line_empty_ = false;
      continue;
    }
    if (!line_empty_) {
      line_empty_ = true;
      continue;
    }
    const std::string done = std::move(block_);
    block_.clear();
    block(done);
  }
}

std::string sse_frame(std::string_view id, std::string_view data) {
  std::string out;
  if (!id.empty()) {
    out += "id: ";
    out += id;
    out += '\n';
  }
  for (;;) {
    const auto end = data.find_first_of("\r\n");
    out += "data: ";
    out += data.substr(0, end);
    out += '\n';
    if (end == data.npos) break;
    const bool crlf = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
    data.remove_prefix(end + (crlf ? 2 : 1));
  }
  out += '\n';
  return out;
}

std::string sse_comment(std::string_view text) {
  std::string out = ": ";
  for (const char c : text) out += (c == '\r' || c == '\n') ? ' ' : c;
  return out + "\n\n";
}

}  // namespace muster::net
