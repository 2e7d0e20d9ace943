#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "messages/messages.hpp"
#include "shard/plan_file.hpp"
#include "shard/problem.hpp"
#include "shard/sealed.hpp"

namespace muster::shard {

/// A plan as attempts are judged by it.
struct PlanIndex {
  explicit PlanIndex(const PlanFile& plan);

  const PlanFile& plan;
  std::unordered_map<std::string, std::size_t> by_pickle;  ///< index into its cases
};

/// One scenario as an attempt of its shard tells it.
struct CaseStory {
  messages::TestCase test_case;
  std::vector<std::string_view> lines;  ///< of all its attempts, into the text of the file
  bool begun = false;                   ///< by a worker; not: it was closed, or never started
  bool over = false;                    ///< its last attempt has ended
  messages::Status worst = messages::Status::unknown;  ///< of the last attempt
  std::string first_words;  ///< message of its first step; why it is closed
};

/// A hook of the run as an attempt tells it.
struct HookStory {
  std::string hook_id;
  std::vector<std::string_view> lines;
  bool passed = false;
};

/// One whole attempt of a shard.
struct Attempt {
  std::string path;
  std::shared_ptr<const std::string> text;
  std::size_t shard = 0;  ///< from 0
  std::size_t number = 1;
  std::vector<HookStory> hooks;            ///< in order
  std::map<std::size_t, CaseStory> cases;  ///< by index into the plan's cases
  std::optional<messages::Timestamp> began;
  std::optional<messages::TestRunFinished> finished;

  /// Every planned scenario has its result, or a hook of the run failed before the first of them.
  bool complete(const PlanFile& plan) const;
  bool hook_failed() const;
};

/// Reads a file as an attempt of this plan. The problem says what it is instead; those of unseal
/// among them.
std::variant<Attempt, Problem> read_attempt(std::string text, const std::string& path,
                                            const PlanIndex& index);

/// How many scenarios the messages of a file that was cut off tell the end of, and places of those
/// that failed.
struct Remains {
  std::size_t done = 0;
  std::vector<std::string> failed;  ///< `uri:line`
};
Remains read_remains(std::string_view text, const PlanIndex& index);

}  // namespace muster::shard
