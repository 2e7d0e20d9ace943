#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtimes/probe.hpp"

namespace muster::runtimes {

/// What a probe of this file with these arguments said, as long as the file is the same.
struct ProbeKey {
  std::string path;
  std::int64_t mtime_ns = 0;
  std::int64_t size = 0;
  std::vector<std::string> args;

  friend auto operator<=>(const ProbeKey&, const ProbeKey&) = default;
};

/// The key of a file that is there.
std::optional<ProbeKey> key_of(const ProbeCall& call);

/// Remembers the probes that came to an exit; a timeout or a signal may be the machine's fault. The
/// least recently used goes when it is full. Any number of threads.
class ProbeCache {
 public:
  explicit ProbeCache(std::size_t capacity = 256) : capacity_(capacity) {}

  std::optional<ProbeOutcome> find(const ProbeKey& key);
  void store(const ProbeKey& key, const ProbeOutcome& outcome);
  std::size_t size() const;

 private:
  struct Entry {
    ProbeOutcome outcome;
    std::list<ProbeKey>::iterator use;
  };
  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::map<ProbeKey, Entry> entries_;
  std::list<ProbeKey> uses_;  ///< the latest first
};

}  // namespace muster::runtimes
