#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/messages.hpp"
#include "report/document_index.hpp"
#include "report/shelf.hpp"

namespace muster::report {

inline constexpr std::size_t kStatuses = 7;
/// Counts by status.
using Counts = std::array<std::int64_t, kStatuses>;
inline std::int64_t& at(Counts& counts, messages::Status status) {
  return counts[static_cast<std::size_t>(status)];
}

/// The protocol's order of gravity but for unknown, which is no pass and no skip.
messages::Status graver(messages::Status a, messages::Status b);

/// The message of a result, else what was thrown; empty when there is neither.
std::string problem_of(const messages::TestStepResult& result);

/// `timed-out` or `leaked` for a step that failed by that; empty for all others.
std::string cause_of(const messages::TestStepResult& result);

/// A feature file. What stands below its head is unpacked when somebody asks.
class Document {
 public:
  explicit Document(const messages::GherkinDocument& document);

  std::string uri, keyword, name, description;
  std::vector<std::string> tags;
  int line = 0;
  std::int64_t left = 0;  ///< planned cases that have not ended

  const DocumentIndex& index() const;

 private:
  mutable std::string bytes_;
  mutable std::optional<DocumentIndex> index_;
};

class PlannedCase;

/// What a step or hook came to.
struct StepResult {
  std::string test_step_id;
  messages::Status status = messages::Status::unknown;
  std::int64_t duration_ns = 0;
  std::string problem;  ///< the message of its result, else what was thrown
  std::vector<messages::Attachment> attachments;
  std::string cause;          ///< `timed-out` or `leaked`, if that is why it failed
  std::int64_t ended_ns = 0;  ///< since 1970
};

/// A test case that runs, or ran.
struct Attempt {
  const PlannedCase* planned = nullptr;  ///< absent when its plan was never told
  std::int64_t number = 0;               ///< from 0
  std::int64_t started_ns = 0, ended_ns = 0;
  std::optional<messages::Status> worst;          ///< of the steps and hooks that finished
  Counts steps{};                                 ///< hooks are not counted
  std::vector<StepResult> results;                ///< of what finished, in its order
  std::vector<messages::Attachment> attachments;  ///< of a step that has not finished
  bool cut_off = false;                           ///< the run ended before it did
  std::string timeline;                           ///< of messages::Timeline; empty for none

  /// That of the worst step. Without any step a scenario passes; when steps are missing, or one of
  /// them does not know what became of it, nothing better than unknown.
  messages::Status status() const;
  /// The word for it in reports: that of the status, or why it failed: `timed-out`, `leaked`.
  std::string word() const;
  const messages::Pickle* pickle() const;
};

/// A test case of the plan. Its messages wait in few bytes and are unpacked when somebody asks.
class PlannedCase {
 public:
  /// `packed`: the messages on a shelf.
  PlannedCase(const messages::TestCase& test_case, Shelf::Item packed, Shelf::Item packed_pickle,
              std::size_t order);

  const messages::TestCase& test_case() const;
  const messages::Pickle* pickle() const;  ///< null when it was never told
  const Document* document() const { return document_; }
  std::size_t steps() const { return steps_; }  ///< hooks too
  bool is_hook(std::string_view test_step_id) const;
  /// Attempts that were retried, from the first to the last.
  const std::vector<Attempt>& earlier() const { return earlier_; }
  std::size_t order() const { return order_; }  ///< in the plan
  const std::string& id() const { return id_; }

 private:
  friend class Story;
  std::string id_;
  Shelf::Item packed_, packed_pickle_;
  mutable std::unique_ptr<messages::TestCase> test_case_;
  mutable std::unique_ptr<messages::Pickle> pickle_;
  std::vector<std::string> hooks_;  // ids of their test steps
  std::vector<Attempt> earlier_;
  Document* document_ = nullptr;
  std::size_t steps_;
  std::size_t order_;
};

}  // namespace muster::report
