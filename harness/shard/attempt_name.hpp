#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace muster::shard {

/// What the name of an attempt's file says: `shard-2-of-3.attempt-1.ndjson`, and
/// `shard-2-of-3.attempt-1.ndjson.partial` until it is whole.
struct AttemptName {
  std::size_t shard = 1;  ///< from 1
  std::size_t shards = 1;
  std::size_t attempt = 1;  ///< from 1
  bool partial = false;

  std::string text() const;
  /// nullopt: the file is none of a shard, e.g. a report beside them.
  static std::optional<AttemptName> parse(std::string_view name);
};

}  // namespace muster::shard
