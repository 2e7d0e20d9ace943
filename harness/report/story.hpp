#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "messages/messages.hpp"
#include "report/planned_case.hpp"

namespace muster::report {

/// What messages refer to by id, and what has come of the run so far. Planned cases wait packed,
/// and are forgotten with their results when they are over: memory follows the plan and the
/// failures, not the results.
class Story {
 public:
  /// A scenario that did not pass, or passed at a further attempt only.
  struct Trouble {
    std::string uri, keyword, name;
    int line = 0;
    messages::Status status = messages::Status::unknown;
    bool flaky = false;
    std::string word;      ///< its result word
    std::string attempts;  ///< of side_by_side
  };

  /// To be called before, and after, the reporters get the message.
  void tell(const messages::Envelope& envelope);
  void forget(const messages::Envelope& envelope);

  const Attempt* attempt(const std::string& started_id) const;
  const messages::TestStep* test_step(const Attempt& attempt, const std::string& id) const;
  const messages::PickleStep* pickle_step(const Attempt& attempt,
                                          const messages::TestStep& step) const;
  const Document* document(const messages::Pickle& pickle) const;
  const DocumentIndex::Scenario* scenario(const messages::Pickle& pickle) const;
  /// The row of the examples that the pickle was made of, if it was.
  const DocumentIndex::Row* row(const messages::Pickle& pickle) const;
  /// The step as it stands in its file; null when the document is not known.
  const DocumentIndex::Step* node(const messages::Pickle& pickle,
                                  const messages::PickleStep& step) const;
  /// The keyword as written, with its blank; empty when the document is not known.
  std::string keyword(const messages::Pickle& pickle, const messages::PickleStep& step) const;
  /// Tags of the scenario and its examples, without those of feature and rule.
  std::vector<std::string> own_tags(const messages::Pickle& pickle) const;
  /// Line of the scenario, or of the row of its examples; 0 when it is not known.
  int line(const messages::Pickle& pickle) const;
  const messages::StepDefinition* definition(const std::string& id) const;
  const std::unordered_map<std::string, messages::StepDefinition>& definitions() const {
    return definitions_;
  }
  const messages::Hook* hook(const std::string& id) const;
  /// The hook of a TestRunHookStarted.
  const messages::Hook* run_hook(const std::string& started_id) const;
  /// What the hook of a TestRunHookStarted attached so far.
  const std::vector<messages::Attachment>& run_attachments(const std::string& started_id) const;
  const std::optional<messages::Meta>& meta() const { return meta_; }

  /// Flaky ones count as passed; at the end of the run, those that never ended as unknown.
  const Counts& scenarios() const { return scenarios_; }
  const Counts& steps() const { return steps_; }  ///< of last attempts
  std::int64_t flaky() const { return flaky_; }
  const std::vector<Trouble>& troubles() const { return troubles_; }
  /// At the end of the run, in the order of the plan: test cases that nobody started, or that were
  /// to be retried and never were.
  const std::vector<const PlannedCase*>& not_run() const { return not_run_; }
  /// At the end of the run, in the order of the plan: attempts that never ended.
  const std::vector<const Attempt*>& cut_off() const { return cut_off_; }
  std::int64_t planned() const { return static_cast<std::int64_t>(planned_); }
  std::int64_t started_ns() const { return started_ns_; }

 private:
  struct RunHook {
    std::string hook_id;
    std::vector<messages::Attachment> attachments;
  };

  void pickle(const messages::Pickle& pickle);
  void test_case(const messages::TestCase& test_case);
  void started(const messages::TestCaseStarted& started);
  void attached(const messages::Attachment& attachment);
  void finished(const messages::TestStepFinished& finished);
  void finished(const messages::TestCaseFinished& finished);
  void conclude(const Attempt& attempt);
  void run_finished();

  std::optional<messages::Meta> meta_;
  Shelf shelf_;                                          // what waits packed
  std::unordered_map<std::string, Document> documents_;  // by uri
  struct WaitingPickle {
    Shelf::Item packed;
    Document* document = nullptr;
  };
  std::unordered_map<std::string, WaitingPickle> pickles_;  // until their test case is told
  std::unordered_map<std::string, PlannedCase> cases_;
  std::unordered_map<std::string, messages::StepDefinition> definitions_;
  std::unordered_map<std::string, messages::Hook> hooks_;
  std::unordered_map<std::string, RunHook> run_hooks_;  // by the id of their start
  std::unordered_map<std::string, Attempt> attempts_;
  std::vector<const PlannedCase*> not_run_;
  std::vector<const Attempt*> cut_off_;
  Counts scenarios_{};
  Counts steps_{};
  std::int64_t flaky_ = 0;
  std::vector<Trouble> troubles_;
  std::size_t planned_ = 0;
  std::int64_t started_ns_ = 0;
};

}  // namespace muster::report
