#pragma once

#include <cstdint>

#include "run/frames.hpp"

namespace muster::run {

/// Somebody who looks on while a run lasts. All calls come from the coordinator's one thread, as
/// things happen: not in the order of the plan, in which messages are told.
class Onlooker {
 public:
  virtual ~Onlooker() = default;
  /// What a worker tells of its case, observations too.
  virtual void frame(std::uint32_t worker, const Frame& frame) = 0;
  /// The worker has ended; what it was at is lost, or begins anew in another one.
  virtual void gone(std::uint32_t worker) = 0;
  /// Some time has passed (kTick).
  virtual void tick() = 0;
  /// Somebody wants to know what happens now: the key `t`, or SIGUSR1.
  virtual void asked() = 0;
  /// Whether the terminal at standard input is to be listened to for keys.
  virtual bool wants_keys() const = 0;
  /// The process stops for a while, or ends: what was drawn has to go.
  virtual void leave() = 0;
};

}  // namespace muster::run
