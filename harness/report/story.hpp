#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "messages/messages.hpp"

namespace muster::report {

inline constexpr std::size_t kStatuses = 7;
/// Counts by status.
using Counts = std::array<std::int64_t, kStatuses>;
inline std::int64_t& at(Counts& counts, messages::Status status) {
  return counts[static_cast<std::size_t>(status)];
}

/// What messages refer to by id, and what has come of the run so far. Finished test cases are
/// forgotten with their pickles, so that memory follows the plan and the failures, not the results.
class Story {
 public:
  struct Feature {
    std::string uri, keyword, name, description;
    std::vector<std::string> tags;
    int line = 0;
  };
  struct Rule {
    std::string keyword, name;
    std::vector<std::string> tags;
    int line = 0;
  };
  struct Scenario {
    const Feature* feature = nullptr;
    const Rule* rule = nullptr;  ///< none outside of rules
    std::string keyword;
    int line = 0;
  };
  /// A test case that runs.
  struct Attempt {
    std::shared_ptr<const messages::TestCase> test_case;
    std::shared_ptr<const messages::Pickle> pickle;  ///< may be absent
    std::int64_t number = 0;                         ///< from 0
    std::optional<messages::Status> worst;           ///< of the steps and hooks that finished
    std::size_t finished = 0;                        ///< how many did
    Counts steps{};                                  ///< hooks are not counted
    /// The result: that of the worst step. Without any step a scenario passes; when steps are
    /// missing, or one of them does not know what became of it, nothing better than unknown.
    messages::Status status() const;
  };
  /// A scenario that did not pass, or passed at a further attempt only.
  struct Trouble {
    std::string uri, keyword, name;
    int line = 0;
    messages::Status status = messages::Status::unknown;
    bool flaky = false;
  };

  /// To be called before, and after, the reporters get the message.
  void tell(const messages::Envelope& envelope);
  void forget(const messages::Envelope& envelope);

  const Attempt* attempt(const std::string& started_id) const;
  const messages::TestStep* test_step(const Attempt& attempt, const std::string& id) const;
  const messages::PickleStep* pickle_step(const Attempt& attempt,
                                          const messages::TestStep& step) const;
  const Scenario* scenario(const messages::Pickle& pickle) const;
  /// The keyword as written, with its blank; empty when the document is not known.
  std::string keyword(const messages::PickleStep& step) const;
  /// Tags of the scenario and its examples, without those of feature and rule.
  std::vector<std::string> own_tags(const messages::Pickle& pickle) const;
  /// Line of the scenario, or of the row of its examples.
  int line(const messages::Pickle& pickle) const;
  const messages::StepDefinition* definition(const std::string& id) const;
  const messages::Hook* hook(const std::string& id) const;

  /// Flaky ones count as passed; at the end of the run, those that never ended as unknown.
  const Counts& scenarios() const { return scenarios_; }
  const Counts& steps() const { return steps_; }  ///< of last attempts
  std::int64_t flaky() const { return flaky_; }
  /// At the end of the run: planned test cases that nobody started, or that were to be retried and
  /// never were.
  std::int64_t not_run() const { return not_run_; }
  const std::vector<Trouble>& troubles() const { return troubles_; }
  std::int64_t started_ns() const { return started_ns_; }

 private:
  void document(const messages::GherkinDocument& document);
  void scenario_of(const messages::Scenario& scenario, const Feature* feature, const Rule* rule);
  void keywords_of(const std::vector<messages::Step>& steps);
  void started(const messages::TestCaseStarted& started);
  void finished(const messages::TestStepFinished& finished);
  void finished(const messages::TestCaseFinished& finished);
  void conclude(const Attempt& attempt, messages::Status status);
  void run_finished();

  std::vector<std::unique_ptr<Feature>> features_;
  std::vector<std::unique_ptr<Rule>> rules_;
  std::unordered_map<std::string, Scenario> scenario_by_node_;
  std::unordered_map<std::string, std::string> keyword_by_node_;
  std::unordered_set<std::string> outer_tags_;
  std::unordered_map<std::string, std::shared_ptr<const messages::Pickle>> pickles_;
  std::unordered_map<std::string, std::shared_ptr<const messages::TestCase>> test_cases_;
  std::unordered_map<std::string, messages::StepDefinition> definitions_;
  std::unordered_map<std::string, messages::Hook> hooks_;
  std::unordered_map<std::string, Attempt> attempts_;
  Counts scenarios_{};
  Counts steps_{};
  std::int64_t flaky_ = 0;
  std::int64_t not_run_ = 0;
  std::vector<Trouble> troubles_;
  std::int64_t started_ns_ = 0;
};

}  // namespace muster::report
