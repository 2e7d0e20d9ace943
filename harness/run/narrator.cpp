#include "run/narrator.hpp"

#include <unistd.h>

#include <utility>

#include "base/clock.hpp"
#include "base/secret_values.hpp"
#include "messages/timeline.hpp"

namespace muster::run {

void Narrator::bind_body_thread() {
  body_thread_ = std::this_thread::get_id();
}

std::unique_lock<std::mutex> Narrator::floor() {
  std::unique_lock lock(mutex_);
  if (taken_ && std::this_thread::get_id() == body_thread_) {
    lock.unlock();
    park();
  }
  return lock;
}

void Narrator::park() {
  while (true) pause();
}

void Narrator::case_started(std::uint32_t index, std::uint32_t attempt, std::uint32_t worker) {
  const auto lock = floor();
  last_ = -1;
  held_.reset();
  worst_ = Status::unknown;
  sink_.send(frame::CaseStarted{index, attempt, worker, system_clock().wall()});
}

void Narrator::step_started(std::uint32_t step, std::chrono::milliseconds timeout) {
  const auto lock = floor();
  flush_held();
  last_ = step;
  started_ns_ = mono_ns();
  sink_.send(frame::StepStarted{step, system_clock().wall(), timeout.count()});
}

void Narrator::step_finished(frame::StepFinished finished) {
  const auto lock = floor();
  finished.at = system_clock().wall();
  finished.duration_ns = mono_ns() - started_ns_;
  held_ = std::move(finished);
}

void Narrator::amend_last(const std::string& problem) {
  const auto lock = floor();
  if (!held_) return;
  if (held_->status != Status::failed) held_->message.clear();
  held_->status = Status::failed;
  held_->message += (held_->message.empty() ? "" : "\n") + problem;
  if (problem.find("LEAK: ") == std::string::npos || !held_->exception_type.empty()) return;
  held_->exception_type = kLeaked;
  held_->exception_message = problem;
}

void Narrator::case_ending(std::chrono::milliseconds timeout) {
  const auto lock = floor();
  sink_.send(frame::CaseEnding{timeout.count()});
}

bool Narrator::case_finished(bool retries_left, std::optional<std::string> timeline) {
  const auto lock = floor();
  flush_held();
  last_ = -1;
  if (std::string printed = take_output_ ? take_output_() : std::string(); !printed.empty()) {
    sink_.send(output_frame(mask_known_secrets(printed)));
  }
  if (timeline) {
    sink_.send(frame::Attached{-1, system_clock().wall(), mask_known_secrets(*timeline),
                               std::string(messages::Timeline::kMediaType),
                               std::string(messages::Timeline::kFileName), true});
  }
  const bool retried = retries_left && worst_ == Status::failed;
  sink_.send(frame::CaseFinished{system_clock().wall(), retried});
  return retried;
}

void Narrator::attach(const Attachment& it) {
  const auto lock = floor();
  std::string body = it.text ? mask_known_secrets(it.body) : std::string(it.body);
  sink_.send(frame::Attached{last_, system_clock().wall(), std::move(body),
                             std::string(it.media_type), std::string(it.file_name), it.text});
}

void Narrator::send(const Frame& frame) {
  sink_.send(frame);
}

void Narrator::take_over() {
  const std::lock_guard lock(mutex_);
  taken_ = true;
}

void Narrator::flush_held() {
  if (!held_) return;
  worst_ = worse(worst_, held_->status);
  // here, in the worker: it knows the secrets of the programs it has started
  held_->message = mask_known_secrets(held_->message);
  held_->exception_message = mask_known_secrets(held_->exception_message);
  sink_.send(*held_);
  held_.reset();
}

}  // namespace muster::run
