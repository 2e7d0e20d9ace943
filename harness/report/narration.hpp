#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "messages/messages.hpp"
#include "report/reporter.hpp"

namespace muster::report {

/// Tells reporters a run that is written down in a test: the messages that a real one would send,
/// in their order, one step a hundredth of a second. For tests only.
class Narration {
 public:
  struct Step {
    std::string keyword;
    std::string text;
    std::vector<std::string> definitions = {};  // ids
    std::vector<messages::StepMatchArgument> arguments = {};
    std::optional<messages::PickleStepArgument> argument = {};
  };

  explicit Narration(Reporter& reporter) : reporter_(reporter) {}

  void tell(const messages::Envelope& envelope) { reporter_.on(envelope); }

  std::string definition(const std::string& pattern, const std::string& uri, int line) {
    const std::string id = next_id();
    tell(messages::StepDefinition{
        id, {pattern, messages::StepDefinitionPatternType::cucumber_expression}, place(uri, line)});
    return id;
  }
  std::string hook(messages::HookType type, std::optional<std::string> name, int line) {
    const std::string id = next_id();
    tell(messages::Hook{id, std::move(name), place("steps/hooks.cpp", line), std::nullopt, type});
    return id;
  }

  /// A feature whose scenarios, told by `scenario`, all have the same steps as their pickles.
  void feature(const std::string& uri, const std::string& name, std::vector<std::string> tags = {},
               const std::string& description = {}) {
    document_ = {};
    document_.uri = uri;
    messages::Feature feature;
    feature.location.line = static_cast<int>(tags.size()) + 1;
    feature.keyword = "Feature";
    feature.name = name;
    feature.description = description;
    feature.tags = tags_of(tags);
    document_.feature = std::move(feature);
    waiting_.clear();
  }
  void rule(const std::string& name, std::vector<std::string> tags = {}) {
    messages::Rule rule;
    rule.keyword = "Rule";
    rule.name = name;
    rule.tags = tags_of(tags);
    messages::FeatureChild child;
    child.rule = std::move(rule);
    document_.feature->children.push_back(std::move(child));
  }
  /// Adds a scenario to the feature, or to its last rule; answers the id of its test case.
  std::string scenario(const std::string& name, int line, const std::vector<Step>& steps,
                       std::vector<std::string> tags = {}, const std::string& before = {}) {
    messages::Scenario scenario;
    scenario.id = next_id();
    scenario.keyword = "Scenario";
    scenario.name = name;
    scenario.location.line = line;
    scenario.tags = tags_of(tags);
    messages::Pickle pickle;
    pickle.id = next_id();
    pickle.uri = *document_.uri;
    pickle.name = name;
    pickle.location = messages::Location{line, 3};
    pickle.ast_node_ids = {scenario.id};
    for (const messages::Tag& tag : document_.feature->tags)
      pickle.tags.push_back({tag.name, tag.id});
    for (const messages::Tag& tag : scenario.tags) pickle.tags.push_back({tag.name, tag.id});
    messages::TestCase test_case{next_id(), pickle.id, {}, std::nullopt};
    if (!before.empty()) test_case.test_steps.push_back({before, next_id(), {}, {}, {}});
    for (const Step& step : steps) {
      messages::Step node;
      node.id = next_id();
      node.keyword = step.keyword;
      node.text = step.text;
      messages::PickleStep pickle_step;
      pickle_step.id = next_id();
      pickle_step.ast_node_ids = {node.id};
      pickle_step.text = step.text;
      pickle_step.argument = step.argument;
      test_case.test_steps.push_back(
          {std::nullopt, next_id(), pickle_step.id, step.definitions,
           std::vector<messages::StepMatchArgumentsList>{{step.arguments}}});
      scenario.steps.push_back(std::move(node));
      pickle.steps.push_back(std::move(pickle_step));
    }
    const std::string id = test_case.id;
    waiting_.emplace_back(std::move(pickle), test_case);
    cases_.push_back(std::move(test_case));
    std::vector<messages::FeatureChild>& children = document_.feature->children;
    if (!children.empty() && children.back().rule)
      children.back().rule->children.push_back({std::nullopt, std::move(scenario)});
    else
      children.push_back({std::nullopt, std::nullopt, std::move(scenario)});
    return id;
  }
  void end_feature() {
    tell(document_);
    for (const auto& [pickle, test_case] : waiting_) tell(pickle);
    for (const auto& [pickle, test_case] : waiting_) tell(test_case);
  }

  void run_started() { tell(messages::TestRunStarted{now(), "run"}); }
  void run_finished(bool success, std::optional<std::string> message = {}) {
    tell(messages::TestRunFinished{std::move(message), success, now(), {}, "run"});
  }

  std::string started(const std::string& test_case, int attempt = 0) {
    const std::string id = next_id();
    tell(messages::TestCaseStarted{attempt, id, test_case, std::nullopt, now()});
    running_.emplace_back(id, test_case);
    return id;
  }
  void log(const std::string& started, const std::string& text) {
    attach(started, text, "text/x.cucumber.log+plain");
  }
  void attach(const std::string& started, const std::string& body, const std::string& media_type,
              std::optional<std::string> name = {},
              messages::ContentEncoding encoding = messages::ContentEncoding::identity) {
    messages::Attachment attachment;
    attachment.body = body;
    attachment.media_type = media_type;
    attachment.file_name = std::move(name);
    attachment.content_encoding = encoding;
    attachment.test_case_started_id = started;
    tell(attachment);
  }
  /// Finishes the step of that number (from 0, hooks too).
  void step(const std::string& started, std::size_t number, messages::Status status,
            std::optional<std::string> message = {}) {
    clock_ns_ += 10'000'000;
    messages::TestStepFinished finished;
    finished.test_case_started_id = started;
    finished.test_step_id = case_of(started).test_steps.at(number).id;
    finished.test_step_result.status = status;
    finished.test_step_result.message = std::move(message);
    finished.timestamp = now();
    tell(finished);
  }
  void finished(const std::string& started, bool will_be_retried = false) {
    tell(messages::TestCaseFinished{started, now(), will_be_retried});
  }
  /// A whole attempt, its steps with these statuses.
  void play(const std::string& test_case, const std::vector<messages::Status>& statuses,
            const std::string& message = {}, int attempt = 0, bool will_be_retried = false) {
    const std::string id = started(test_case, attempt);
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      const bool says = statuses[i] != messages::Status::passed && !message.empty() &&
                        (i == 0 || statuses[i - 1] == messages::Status::passed);
      step(id, i, statuses[i], says ? std::optional(message) : std::nullopt);
    }
    finished(id, will_be_retried);
  }

  const messages::PickleStep& pickle_step(std::size_t pickle, std::size_t step) const {
    return waiting_.at(pickle).first.steps.at(step);
  }
  std::string next_id() { return std::to_string(next_++); }
  messages::Timestamp now() const { return messages::timestamp_from_ns(clock_ns_); }

 private:
  static messages::SourceReference place(const std::string& uri, int line) {
    messages::SourceReference made;
    made.uri = uri;
    made.location = messages::Location{line, {}};
    return made;
  }
  std::vector<messages::Tag> tags_of(const std::vector<std::string>& names) {
    std::vector<messages::Tag> tags;
    for (const std::string& name : names) tags.push_back({{1, 1}, name, next_id()});
    return tags;
  }
  const messages::TestCase& case_of(const std::string& started) const {
    for (const auto& [id, test_case] : running_)
      if (id == started)
        for (const messages::TestCase& each : cases_)
          if (each.id == test_case) return each;
    throw std::runtime_error("no such test case: " + started);
  }

  Reporter& reporter_;
  messages::GherkinDocument document_;
  std::vector<std::pair<messages::Pickle, messages::TestCase>> waiting_;
  std::vector<messages::TestCase> cases_;
  std::vector<std::pair<std::string, std::string>> running_;
  std::int64_t clock_ns_ = 1'000'000'000;
  int next_ = 1;
};

}  // namespace muster::report
