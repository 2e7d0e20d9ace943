#include "run/frames.hpp"

#include <cstring>
#include <type_traits>

#include "base/text.hpp"
#include "run/wire.hpp"

namespace muster::run {
namespace {

/// Visits the members of every frame in one order, for writing and for reading.
struct Writing {
  WireWriter& wire;
  void operator()(const std::string& value) { wire.text(value); }
  void operator()(const WallTime& value) {
    wire.i64(value.seconds);
    wire.i64(value.nanos);
  }
  template <class T>
  void operator()(const T& value) {
    wire.i64(static_cast<std::int64_t>(value));
  }
};
struct Reading {
  WireReader& wire;
  void operator()(std::string& value) { value = wire.text(); }
  void operator()(WallTime& value) {
    value.seconds = wire.i64();
    value.nanos = static_cast<std::int32_t>(wire.i64());
  }
  template <class T>
  void operator()(T& value) {
    value = static_cast<T>(wire.i64());
  }
};

template <class V, class... M>
void each(V& visit, M&... members) {
  (visit(members), ...);
}

void members(frame::CaseStarted& f, auto& v) {
  each(v, f.index, f.attempt, f.worker, f.at);
}
void members(frame::StepStarted& f, auto& v) {
  each(v, f.step, f.at, f.timeout_ms);
}
void members(frame::Attached& f, auto& v) {
  each(v, f.step, f.at, f.body, f.media_type, f.file_name, f.text);
}
void members(frame::StepFinished& f, auto& v) {
  each(v, f.step, f.at, f.duration_ns, f.status, f.message, f.exception_type, f.exception_message);
}
void members(frame::CaseEnding& f, auto& v) {
  each(v, f.timeout_ms);
}
void members(frame::CaseFinished& f, auto& v) {
  each(v, f.at, f.retried);
}
void members(frame::Observed& f, auto& v) {
  each(v, f.json);
}
void members(frame::GroupOpened& f, auto& v) {
  each(v, f.record);
}
void members(frame::Stuck&, auto&) {}
void members(frame::Idle&, auto&) {}
void members(frame::Leaving& f, auto& v) {
  each(v, f.problem);
}
void members(frame::Abandoned& f, auto& v) {
  each(v, f.at, f.why, f.retried, f.timed_out);
}
void members(frame::NotRun& f, auto& v) {
  each(v, f.at, f.fails, f.reason);
}
void members(frame::RunOne& f, auto& v) {
  each(v, f.index, f.attempt);
}
void members(frame::RunFree&, auto&) {}
void members(frame::Fork& f, auto& v) {
  each(v, f.worker);
}
void members(frame::RunAfterAll&, auto&) {}
void members(frame::Forked& f, auto& v) {
  each(v, f.worker, f.pid);
}
void members(frame::Exited& f, auto& v) {
  each(v, f.worker, f.wait_status);
}
void members(frame::HookStarted& f, auto& v) {
  each(v, f.hook, f.at);
}
void members(frame::HookFinished& f, auto& v) {
  each(v, f.hook, f.at, f.duration_ns, f.status, f.message, f.exception_type, f.exception_message);
}
void members(frame::HookAttached& f, auto& v) {
  each(v, f.at, f.body, f.media_type, f.file_name, f.text, f.more);
}
void members(frame::HooksDone& f, auto& v) {
  each(v, f.after, f.problem);
}

/// The variant's alternative of a runtime index.
template <std::size_t I = 0>
Frame alternative(std::size_t index) {
  if constexpr (I + 1 < std::variant_size_v<Frame>) {
    if (index != I) return alternative<I + 1>(index);
  }
  return Frame(std::in_place_index<I>);
}

void append(std::string& out, const Frame& frame) {
  WireWriter wire(out);
  wire.u8(static_cast<std::uint8_t>(frame.index()));
  Writing writing{wire};
  // members() takes non-const frames for both directions; writing changes nothing
  std::visit([&](auto& f) { members(const_cast<std::remove_cvref_t<decltype(f)>&>(f), writing); },
             frame);
}

}  // namespace

std::string encode(const Frame& frame) {
  std::string out;
  append(out, frame);
  return out;
}

void append_framed(std::string& out, const Frame& frame) {
  const std::size_t begin = out.size();
  std::uint32_t size = 0;
  out.append(sizeof size, '\0');
  append(out, frame);
  size = static_cast<std::uint32_t>(out.size() - begin - sizeof size);
  std::memcpy(out.data() + begin, &size, sizeof size);
}

Frame output_frame(std::string printed) {
  return frame::Attached{
      -1,  system_clock().wall(), valid_utf8(printed), "text/x.cucumber.log+plain", "output.txt",
      true};
}

Result<Frame> decode(std::string_view bytes) {
  WireReader wire(bytes);
  const std::size_t index = wire.u8();
  if (index >= std::variant_size_v<Frame>) return error("bad_frame", "unknown kind of frame");
  Frame frame = alternative(index);
  Reading reading{wire};
  std::visit([&](auto& f) { members(f, reading); }, frame);
  if (!wire.complete()) return error("bad_frame", "frame of a wrong length");
  return frame;
}

}  // namespace muster::run
