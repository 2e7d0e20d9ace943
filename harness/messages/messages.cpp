#include "messages/messages.hpp"

#include "messages/kinds.hpp"

namespace muster::messages {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

template <class Time>
Time split(std::int64_t nanoseconds) {
  Time time;
  time.seconds = nanoseconds / kNanosPerSecond;
  time.nanos = nanoseconds % kNanosPerSecond;
  if (time.nanos < 0) {
    time.nanos += kNanosPerSecond;
    --time.seconds;
  }
  return time;
}

}  // namespace

Timestamp timestamp_from_ns(std::int64_t nanoseconds) {
  return split<Timestamp>(nanoseconds);
}
Duration duration_from_ns(std::int64_t nanoseconds) {
  return split<Duration>(nanoseconds);
}
Timestamp timestamp_from(WallTime time) {
  return {time.seconds, time.nanos};
}

std::int64_t to_ns(const Timestamp& timestamp) {
  return timestamp.seconds * kNanosPerSecond + timestamp.nanos;
}

std::int64_t to_ns(const Duration& duration) {
  return duration.seconds * kNanosPerSecond + duration.nanos;
}

bool operator==(const Group& a, const Group& b) {
  return a.start == b.start && a.value == b.value && a.children == b.children;
}

std::string_view kind_of(const Envelope& envelope) {
  return kKinds[envelope.index()];
}

std::string_view to_text(Status status) {
  return text_of(status);
}
std::string_view to_text(StepKeywordType type) {
  return text_of(type);
}
std::string_view to_text(PickleStepType type) {
  return text_of(type);
}
std::string_view to_text(HookType type) {
  return text_of(type);
}
std::string_view to_text(StepDefinitionPatternType type) {
  return text_of(type);
}
std::string_view to_text(ContentEncoding encoding) {
  return text_of(encoding);
}
std::string_view to_text(SourceMediaType type) {
  return text_of(type);
}

}  // namespace muster::messages
