#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/sse.hpp"

namespace {

using muster::net::SseEvent;

struct Read {
  std::vector<SseEvent> events;
  std::string last_id;
  std::uint64_t offset = 0;
  bool overflowed = false;

  friend bool operator==(const Read&, const Read&) = default;
};

Read read(std::string_view stream, std::size_t piece) {
  Read read;
  muster::net::SseParser parser([&](const SseEvent& event) { read.events.push_back(event); }, "7",
                                512);
  for (std::size_t at = 0; at < stream.size(); at += piece) parser.feed(stream.substr(at, piece));
  read.last_id = parser.last_event_id();
  read.overflowed = parser.overflowed();
  if (!read.overflowed) read.offset = parser.offset();
  return read;
}

/// What was read, written and read again.
bool survives(const SseEvent& event) {
  if (event.event != "message") return true;
  bool same = false;
  muster::net::SseParser parser(
      [&](const SseEvent& again) { same = again.id == event.id && again.data == event.data; });
  parser.feed(muster::net::sse_frame(event.id, event.data));
  return same;
}

}  // namespace

/// No event depends on how the stream was cut; the splitter loses no byte and gives the parser one
/// event at a time; what is written reads as it was. The first byte of the input is the size of the
/// pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Read whole = read(stream, stream.size() + 1);
  const Read pieces = read(stream, std::size_t{data[0]} + 1);
  // an event above the limit is seen at another byte, and what came before it is the same
  if (whole.overflowed != pieces.overflowed) std::abort();
  if (!whole.overflowed && whole != pieces) std::abort();
  for (const SseEvent& event : whole.events) {
    if (event.offset >= stream.size() || event.id.find('\0') != event.id.npos) std::abort();
    if (event.id != "7" && !survives(event)) std::abort();
  }
  muster::net::SseSplitter splitter;
  std::string joined;
  splitter.feed(stream, [&](std::string_view block) { joined += block; });
  if (joined + splitter.rest() != stream) std::abort();
  return 0;
}
