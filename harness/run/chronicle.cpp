#include "run/chronicle.hpp"

#include <cstring>

#include "run/channel.hpp"

namespace muster::run {

Chronicle::Chronicle(const Plan& plan, NextId next_id, Emit emit, std::string folder)
    : plan_(plan),
      next_id_(std::move(next_id)),
      emit_(std::move(emit)),
      backlog_(std::move(folder)) {}

void Chronicle::add(std::size_t index, const Frame& frame, std::string_view encoded) {
  if (index == head_) {
    if (!telling_) telling_.emplace(plan_, head_, next_id_, emit_);
    telling_->on(frame);
    return;
  }
  const auto size = static_cast<std::uint32_t>(encoded.size());
  char head[sizeof size];
  std::memcpy(head, &size, sizeof size);
  backlog_.add(index, {head, sizeof size});
  backlog_.add(index, encoded);
}

void Chronicle::add(std::size_t index, const Frame& frame) {
  add(index, frame, encode(frame));
}

void Chronicle::done(std::size_t index) {
  done_.insert(index);
  while (done_.erase(head_) > 0) {
    telling_.reset();
    ++head_;
    release_head();
  }
}

void Chronicle::release_head() {
  FrameSplitter splitter;
  backlog_.release(head_, [&](std::string_view bytes) {
    splitter.feed(bytes);
    while (auto encoded = splitter.next()) {
      const auto frame = decode(std::move(*encoded).value_or_throw()).value_or_throw();
      if (!telling_) telling_.emplace(plan_, head_, next_id_, emit_);
      telling_->on(frame);
    }
  });
}

}  // namespace muster::run
