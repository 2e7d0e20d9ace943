#include "run/in_order.hpp"

namespace muster::run {

void InOrder::add(std::size_t index, const messages::Envelope& envelope) {
  if (index == head_) {
    emit_(envelope);
  } else {
    waiting_[index].messages.push_back(envelope);
  }
}

void InOrder::done(std::size_t index) {
  waiting_[index].done = true;
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == head_;
       first = waiting_.begin()) {
    for (const auto& envelope : first->second.messages) emit_(envelope);
    first->second.messages.clear();
    if (!first->second.done) return;
    waiting_.erase(first);
    ++head_;
    // what the next one has so far is released above, in the next turn of the loop
  }
}

}  // namespace muster::run
