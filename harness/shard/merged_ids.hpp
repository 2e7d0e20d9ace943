#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "messages/messages.hpp"

namespace muster::shard {

/// Gives what was born in the runs of shards ids that the merged run has once. Ids of the plan
/// (pickles, definitions, hooks) are the same in all of them and stay.
class MergedIds {
 public:
  /// `next`: the first number that is free.
  explicit MergedIds(std::uint64_t next) : next_(next) {}

  /// The id that everything in the merged run is said to belong to.
  std::string begin_run() { return run_ = fresh(); }
  const std::string& run() const { return run_; }
  /// The id of a shard stays what it is: the plan has the same.
  void keep(std::size_t shard, const std::string& id) { ids_[{shard, id}] = id; }

  void rename(std::size_t shard, messages::Envelope& envelope);
  void rename(std::size_t shard, messages::TestCase& test_case);

 private:
  void on(std::size_t shard, messages::TestRunHookStarted& it);
  void on(std::size_t shard, messages::TestRunHookFinished& it);
  void on(std::size_t shard, messages::TestCaseStarted& it);
  void on(std::size_t shard, messages::TestCaseFinished& it);
  void on(std::size_t shard, messages::TestStepStarted& it);
  void on(std::size_t shard, messages::TestStepFinished& it);
  void on(std::size_t shard, messages::Suggestion& it);
  void on(std::size_t shard, messages::Attachment& it);
  void on(std::size_t shard, messages::ExternalAttachment& it);
  void on(std::size_t, auto&) {}
  void attached(std::size_t shard, auto& it);
  std::string fresh() { return std::to_string(next_++); }
  std::string of(std::size_t shard, const std::string& id);

  std::uint64_t next_;
  std::string run_;
  std::map<std::pair<std::size_t, std::string>, std::string> ids_;
};

}  // namespace muster::shard
