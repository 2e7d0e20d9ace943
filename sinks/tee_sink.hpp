#pragma once

#include <vector>

#include "base/observe.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

/// Records in one sink and mirrors what it accepted into others. The first sink alone decides: what
/// it refuses is mirrored nowhere, and a mirror that fails is observed (lane `sink`, kind
/// `mirror_failed`, once per mirror) but refuses nothing.
class TeeSink : public Sink {
 public:
  /// All are borrowed.
  TeeSink(Sink& asserted, std::vector<Sink*> mirrors, Observer& observer);

  Result<events::Event> accept(events::Event event) override;

 private:
  struct Mirror {
    Sink* sink;
    bool failed = false;
  };

  Sink& asserted_;
  std::vector<Mirror> mirrors_;
  Observer& observer_;
};

}  // namespace muster::sinks
