#include "run/worker_host.hpp"

#include <typeinfo>

namespace muster::run {

steps::Extension* WorkerHost::extension(std::type_index type) {
  if (extension_ == nullptr) return nullptr;
  steps::Extension& known = *extension_;
  return std::type_index(typeid(known)) == type ? extension_ : nullptr;
}

std::uint64_t WorkerHost::observed() const {
  const std::lock_guard lock(mutex_);
  return observed_;
}

void WorkerHost::wait_observed(std::uint64_t seen, std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  observation_.wait_until(lock, until, [&] { return observed_ > seen; });
}

void WorkerHost::observe(Observation observation) {
  Json line = to_json(observation);
  if (!case_.empty()) line["case"] = case_;
  programs_.take(observation);
  if (recorder_ != nullptr) recorder_->take(observation);
  narrator_.send(frame::Observed{dump_json(line)});
  const std::lock_guard lock(mutex_);
  ++observed_;
  observation_.notify_all();
}

}  // namespace muster::run
