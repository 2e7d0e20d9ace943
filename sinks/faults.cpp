#include "sinks/faults.hpp"

namespace muster::sinks {
namespace {

bool take_one(std::size_t& left) {
  if (left == 0) return false;
  --left;
  return true;
}

}  // namespace

void Faults::refuse_next(std::size_t count) {
  const std::lock_guard lock(guard_);
  refuse_ = count;
}

void Faults::delay_next(std::size_t count, std::chrono::milliseconds delay) {
  const std::lock_guard lock(guard_);
  delay_ = count;
  delay_by_ = delay;
}

void Faults::drop_next_acks(std::size_t count) {
  const std::lock_guard lock(guard_);
  drop_ack_ = count;
}

Faults::Orders Faults::next() {
  const std::lock_guard lock(guard_);
  Orders orders;
  orders.refuse = take_one(refuse_);
  if (take_one(delay_)) orders.delay = delay_by_;
  if (!orders.refuse) orders.drop_ack = take_one(drop_ack_);
  return orders;
}

}  // namespace muster::sinks
