#include "net/tap_relay.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "net/wire.hpp"

namespace muster::net {
namespace asio = boost::asio;

namespace {

constexpr std::size_t max_block = 1024 * 1024;

void drop_connection_fields(Headers& headers) {
  for (const auto& name : split(headers.get("Connection"), ',')) {
    const auto trimmed = trim(name);
    if (!trimmed.empty()) headers.remove(trimmed);
  }
  for (const auto* name : {"Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
                           "Transfer-Encoding", "Upgrade"}) {
    headers.remove(name);
  }
}

/// The event that a block dispatches, and where the block stands in the stream.
class BlockReader {
 public:
  /// Calls `take(raw, event or nullptr, offset)` for each block that `bytes` completes.
  template <class Take>
  void feed(std::string_view bytes, Take take) {
    splitter_.feed(bytes, [&](std::string_view raw) {
      dispatched_ = false;
      const auto offset = parser_.offset();
      parser_.feed(raw);
      take(raw, dispatched_ ? &event_ : nullptr, offset);
    });
  }
  const std::string& rest() const { return splitter_.rest(); }
  /// The block is too large for an event; nothing is read any more.
  bool hopeless() const { return splitter_.rest().size() > max_block || parser_.overflowed(); }

 private:
  SseSplitter splitter_;
  SseEvent event_;
  bool dispatched_ = false;
  SseParser parser_{[this](const SseEvent& event) {
    event_ = event;
    dispatched_ = true;
  }};
};

/// One body on its way through.
class Relay {
 public:
  Relay(BodyWriter& writer, TapRecord::Entry& entry, const std::vector<Fault>& faults, bool events)
      : writer_(writer), entry_(entry), faults_(faults), events_(events) {
    for (const auto& fault : faults) {
      edits_ = edits_ || fault.kind == Fault::Kind::edit_frames || fault.kind == Fault::Kind::cut ||
               fault.kind == Fault::Kind::stall;
      if (fault.kind == Fault::Kind::drip) drip_ = &fault;
    }
    edits_ = edits_ && events_;
  }

  asio::awaitable<bool> take(std::string_view bytes) {
    if (!edits_) co_return co_await give(bytes);
    std::string out;
    const Fault* last = nullptr;
    incoming_.feed(bytes, [&](std::string_view raw, const SseEvent* event, std::uint64_t) {
      if (last != nullptr) return;
      out += event != nullptr ? edited(*event, raw) : std::string(raw);
      if (event != nullptr) last = ends_after(*event);
    });
    if (incoming_.hopeless()) {
      out += incoming_.rest();
      edits_ = false;
    }
    const bool alive = co_await give(out);
    if (last == nullptr) co_return alive;
    const bool stalls = last->kind == Fault::Kind::stall;
    entry_.fail((stalls ? "stalled after id " : "cut after id ") + last->id +
                " by an injected fault");
    while (stalls) co_await pause_for(std::chrono::hours(1));
    throw std::runtime_error("cut");
  }

  asio::awaitable<bool> finish() {
    if (!edits_) co_return true;
    co_return co_await give(incoming_.rest());
  }

 private:
  std::string edited(const SseEvent& event, std::string_view raw) const {
    std::string out(raw);
    for (const auto& fault : faults_) {
      if (fault.kind == Fault::Kind::edit_frames && !out.empty()) out = fault.frame(event, out);
    }
    return out;
  }

  const Fault* ends_after(const SseEvent& event) const {
    for (const auto& fault : faults_) {
      const bool ends = fault.kind == Fault::Kind::cut || fault.kind == Fault::Kind::stall;
      if (ends && fault.id == event.id) return &fault;
    }
    return nullptr;
  }

  asio::awaitable<bool> give(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, drip_ != nullptr ? drip_->piece : bytes.size());
      if (drip_ != nullptr) co_await pause_for(drip_->pause);
      record(piece);
      if (!co_await writer_.write(piece)) co_return false;
      bytes.remove_prefix(piece.size());
    }
    co_return true;
  }

  void record(std::string_view bytes) {
    entry_.body(bytes);
    if (!events_ || outgoing_.hopeless()) return;
    outgoing_.feed(bytes, [&](std::string_view raw, const SseEvent* event, std::uint64_t offset) {
      if (event != nullptr) entry_.frame(*event, offset, raw);
    });
  }

  BodyWriter& writer_;
  TapRecord::Entry& entry_;
  const std::vector<Fault>& faults_;
  const Fault* drip_ = nullptr;
  bool events_, edits_ = false;
  BlockReader incoming_, outgoing_;
};

}  // namespace

Request forwarded(const Request& request) {
  auto out = request;
  drop_connection_fields(out.headers);
  out.headers.remove("Expect");  // answered here already
  return out;
}

Response returned(const Response& head) {
  Response out;
  out.status = head.status;
  out.headers = head.headers;
  drop_connection_fields(out.headers);
  return out;
}

bool is_event_stream(const Response& head) {
  const auto type = head.headers.get("Content-Type");
  return iequals(trim(std::string_view(type).substr(0, type.find(';'))), "text/event-stream") &&
         !head.headers.has("Content-Encoding");
}

asio::awaitable<void> relay_body(ResponseStream& upstream, BodyWriter& writer,
                                 TapRecord::Entry& entry, const std::vector<Fault>& faults) {
  Relay relay(writer, entry, faults, is_event_stream(upstream.head()));
  for (;;) {
    const auto piece = co_await upstream.read();
    if (!piece) {
      entry.fail(why_broken(piece.error()));
      throw std::runtime_error("upstream broke off");
    }
    if (piece->empty()) break;
    entry.heard();
    if (!co_await relay.take(*piece)) co_return;
  }
  if (co_await relay.finish()) entry.end();
}

}  // namespace muster::net
