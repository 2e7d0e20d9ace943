#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/observe.hpp"
#include "messages/test_case.hpp"
#include "messages/timeline.hpp"

namespace muster::run {

/// Makes the timeline of one attempt from its steps and from what is observed meanwhile. Any
/// thread. Beyond a bound items are counted only, so that a scenario that talks without end keeps a
/// timeline that a page can show.
class TimelineRecorder {
 public:
  /// Begins now; `at` is the wall time of that moment.
  TimelineRecorder(std::uint32_t attempt, std::int64_t mono_ns, WallTime at);

  /// A step or hook begins; it ends with the next of these, or with step_ended.
  void step_began(const std::string& title, std::int64_t mono_ns);
  /// `message`: what it said.
  void step_ended(messages::Status status, const std::string& message, std::int64_t mono_ns);

  void take(const Observation& seen);

  /// All of it as its attachment's text, what has not ended marked `open`; nullopt when nothing was
  /// observed: the messages tell the steps already.
  std::optional<std::string> text(std::int64_t mono_ns);

 private:
  using Item = messages::Timeline::Item;

  std::int64_t us(std::int64_t mono_ns) const { return (mono_ns - begin_ns_) / 1000; }
  std::uint32_t lane(std::string_view kind, std::string_view name);
  /// The item as it is kept; null beyond the bound.
  Item* add(Item item);
  Item* find(std::size_t at) { return at < made_.items.size() ? &made_.items[at] : nullptr; }
  void process(const Observation& seen);
  void log(const Observation& seen);
  void exchange(const Observation& seen);
  void explained(const Observation& seen);
  void moment(const Observation& seen, std::string_view lane_kind, const std::string& title,
              bool failed);

  mutable std::mutex mutex_;
  std::int64_t begin_ns_;
  messages::Timeline made_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> lanes_;
  std::map<std::pair<std::string, std::int64_t>, std::size_t> running_;  ///< by name and pid
  std::optional<std::size_t> step_;
  std::size_t logs_ = 0;
  bool observed_ = false;
};

}  // namespace muster::run
