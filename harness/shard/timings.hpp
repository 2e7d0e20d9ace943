#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "messages/messages.hpp"

namespace muster::shard {

/// How long scenarios took, from the Cucumber Messages of a run or of a merge: all attempts of each
/// together. A scenario is known again by uri and name, one of several of a name (the rows of an
/// outline) by which of them it is, so that lines may move.
class Timings {
 public:
  /// Reads NDJSON messages: what `--format message:FILE` writes, or a journal's messages.ndjson.
  /// Errors: those of reading the file and of messages::from_ndjson, with their line;
  /// `no_timings` when nothing in it took any time.
  static Result<Timings> read(const std::string& path);

  /// Milliseconds, at least 1, of the n-th (from 0) scenario of this uri and name; nullopt: not
  /// known.
  std::optional<std::int64_t> ms(const std::string& uri, const std::string& name,
                                 std::size_t nth) const;
  /// The mean of all that are known, at least 1; 1000 when none is.
  std::int64_t mean_ms() const;

 private:
  void take(const messages::Pickle& pickle);
  void take(const messages::TestCase& test_case);
  void take(const messages::TestCaseStarted& started);
  void take(const messages::TestCaseFinished& finished);
  void take(const auto&) {}

  using Key = std::tuple<std::string, std::string, std::size_t>;
  std::map<Key, std::int64_t> ns_;
  std::map<std::pair<std::string, std::string>, std::size_t> seen_;
  std::unordered_map<std::string, Key> pickles_;
  std::unordered_map<std::string, std::string> cases_;  // pickles by test case
  struct Running {
    std::string test_case;
    std::int64_t began_ns = 0;
  };
  std::unordered_map<std::string, Running> running_;
};

/// Counts scenarios of the same uri and name, for Timings::ms.
class Occurrences {
 public:
  std::size_t next(const std::string& uri, const std::string& name) { return seen_[{uri, name}]++; }

 private:
  std::map<std::pair<std::string, std::string>, std::size_t> seen_;
};

}  // namespace muster::shard
