#include "runtimes/probe_cache.hpp"

#include <sys/stat.h>

namespace muster::runtimes {

std::optional<ProbeKey> key_of(const ProbeCall& call) {
  struct stat found {};
  if (::stat(call.binary.c_str(), &found) != 0) return std::nullopt;
  return ProbeKey{call.binary, found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec,
                  found.st_size, call.args};
}

std::optional<ProbeOutcome> ProbeCache::find(const ProbeKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  uses_.splice(uses_.begin(), uses_, found->second.use);
  return found->second.outcome;
}

void ProbeCache::store(const ProbeKey& key, const ProbeOutcome& outcome) {
  if (outcome.end != ProbeOutcome::End::exited || capacity_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(key); found != entries_.end()) {
    found->second.outcome = outcome;
    uses_.splice(uses_.begin(), uses_, found->second.use);
    return;
  }
  if (entries_.size() >= capacity_) {
    entries_.erase(uses_.back());
    uses_.pop_back();
  }
  uses_.push_front(key);
  entries_.emplace(key, Entry{outcome, uses_.begin()});
}

std::size_t ProbeCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace muster::runtimes
