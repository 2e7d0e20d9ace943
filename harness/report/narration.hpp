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
    background_.clear();
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
  /// Steps that stand before those of the scenarios to come.
  void background(const std::string& name, int line, const std::vector<Step>& steps) {
    messages::Background background;
    background.id = next_id();
    background.keyword = "Background";
    background.name = name;
    background.location.line = line;
    background_.clear();
    for (const Step& step : steps) {
      background.steps.push_back(node_of(step, ++line));
      background_.emplace_back(step, background.steps.back().id);
    }
    messages::FeatureChild child;
    child.background = std::move(background);
    document_.feature->children.push_back(std::move(child));
  }
  /// Adds a scenario to the feature, or to its last rule; answers the id of its test case.
  std::string scenario(const std::string& name, int line, const std::vector<Step>& steps,
                       std::vector<std::string> tags = {}, const std::string& before = {},
                       const std::string& after = {}) {
    messages::Scenario scenario = scenario_of("Scenario", name, line, steps, tags);
    const std::string id = add_case(name, line, {scenario.id}, scenario, steps, before, after);
    add_child(std::move(scenario));
    return id;
  }
  /// A row of an outline: the line it stands at, and its steps with its values.
  struct Row {
    int line = 0;
    std::string name;
    std::vector<Step> steps;
  };
  /// Adds an outline with one table of examples; answers the ids of its test cases.
  std::vector<std::string> outline(const std::string& name, int line, const std::string& examples,
                                   const std::vector<Row>& rows) {
    messages::Scenario scenario = scenario_of("Scenario Outline", name, line, rows.at(0).steps, {});
    messages::Examples table;
    table.id = next_id();
    table.keyword = "Examples";
    table.name = examples;
    std::vector<std::string> ids;
    for (const Row& row : rows) {
      messages::TableRow made;
      made.id = next_id();
      made.location.line = row.line;
      ids.push_back(
          add_case(row.name, row.line, {scenario.id, made.id}, scenario, row.steps, "", ""));
      table.table_body.push_back(std::move(made));
    }
    scenario.examples.push_back(std::move(table));
    add_child(std::move(scenario));
    return ids;
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
  /// A hook of the run from its start to its end.
  void run_hook(const std::string& hook, messages::Status status, const std::string& log,
                std::optional<std::string> message = {}) {
    const std::string id = next_id();
    tell(messages::TestRunHookStarted{id, "run", hook, std::nullopt, now()});
    if (!log.empty()) {
      messages::Attachment attachment;
      attachment.body = log;
      attachment.media_type = "text/x.cucumber.log+plain";
      attachment.test_run_hook_started_id = id;
      tell(attachment);
    }
    messages::TestRunHookFinished finished{id, {}, now()};
    finished.result.status = status;
    finished.result.message = std::move(message);
    tell(finished);
  }
  /// Finishes the step of that number (from 0, hooks too).
  void step(const std::string& started, std::size_t number, messages::Status status,
            std::optional<std::string> message = {}) {
    clock_ns_ += 10'000'000;
    messages::TestStepFinished finished;
    finished.test_case_started_id = started;
    finished.test_step_id = case_of(started).test_steps.at(number).id;
    finished.test_step_result.status = status;
    finished.test_step_result.duration = messages::duration_from_ns(10'000'000);
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
  messages::Step node_of(const Step& step, int line) {
    messages::Step node;
    node.id = next_id();
    node.keyword = step.keyword;
    node.text = step.text;
    node.location.line = line;
    return node;
  }
  messages::Scenario scenario_of(const std::string& keyword, const std::string& name, int line,
                                 const std::vector<Step>& steps,
                                 const std::vector<std::string>& tags) {
    messages::Scenario scenario;
    scenario.id = next_id();
    scenario.keyword = keyword;
    scenario.name = name;
    scenario.location.line = line;
    scenario.tags = tags_of(tags);
    for (const Step& step : steps) scenario.steps.push_back(node_of(step, ++line));
    return scenario;
  }
  void add_child(messages::Scenario scenario) {
    std::vector<messages::FeatureChild>& children = document_.feature->children;
    if (!children.empty() && children.back().rule)
      children.back().rule->children.push_back({std::nullopt, std::move(scenario)});
    else
      children.push_back({std::nullopt, std::nullopt, std::move(scenario)});
  }
  std::string add_case(const std::string& name, int line, const std::vector<std::string>& nodes,
                       const messages::Scenario& scenario, const std::vector<Step>& steps,
                       const std::string& before, const std::string& after) {
    messages::Pickle pickle;
    pickle.id = next_id();
    pickle.uri = *document_.uri;
    pickle.name = name;
    pickle.location = messages::Location{line, 3};
    pickle.ast_node_ids = nodes;
    for (const messages::Tag& tag : document_.feature->tags)
      pickle.tags.push_back({tag.name, tag.id});
    for (const messages::Tag& tag : scenario.tags) pickle.tags.push_back({tag.name, tag.id});
    messages::TestCase test_case{next_id(), pickle.id, {}, std::nullopt};
    if (!before.empty()) test_case.test_steps.push_back({before, next_id(), {}, {}, {}});
    const auto add = [&](const Step& step, const std::string& node) {
      messages::PickleStep made;
      made.id = next_id();
      made.ast_node_ids = {node};
      if (nodes.size() > 1) made.ast_node_ids.push_back(nodes[1]);
      made.text = step.text;
      made.argument = step.argument;
      test_case.test_steps.push_back(
          {std::nullopt, next_id(), made.id, step.definitions,
           std::vector<messages::StepMatchArgumentsList>{{step.arguments}}});
      pickle.steps.push_back(std::move(made));
    };
    for (const auto& [step, node] : background_) add(step, node);
    for (std::size_t i = 0; i < steps.size(); ++i) add(steps[i], scenario.steps.at(i).id);
    if (!after.empty()) test_case.test_steps.push_back({after, next_id(), {}, {}, {}});
    const std::string id = test_case.id;
    waiting_.emplace_back(std::move(pickle), test_case);
    cases_.push_back(std::move(test_case));
    return id;
  }
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
  std::vector<std::pair<Step, std::string>> background_;  // with the ids of their nodes
  std::vector<messages::TestCase> cases_;
  std::vector<std::pair<std::string, std::string>> running_;
  std::int64_t clock_ns_ = 1'000'000'000;
  int next_ = 1;
};

}  // namespace muster::report
