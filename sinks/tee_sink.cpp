#include "sinks/tee_sink.hpp"

namespace muster::sinks {

TeeSink::TeeSink(Sink& asserted, std::vector<Sink*> mirrors, Observer& observer)
    : asserted_(asserted), observer_(observer) {
  for (Sink* sink : mirrors) mirrors_.push_back({sink});
}

Result<events::Event> TeeSink::accept(events::Event event) {
  auto accepted = asserted_.accept(std::move(event));
  if (!accepted) return accepted;
  for (Mirror& mirror : mirrors_) {
    const auto mirrored = mirror.sink->accept(*accepted);
    if (mirrored || mirror.failed) continue;
    mirror.failed = true;
    observer_.observe(observation("sink", "mirror_failed", "sink",
                                  {{"code", mirrored.error().code},
                                   {"message", mirrored.error().message},
                                   {"seq", accepted->seq}}));
  }
  return accepted;
}

}  // namespace muster::sinks
