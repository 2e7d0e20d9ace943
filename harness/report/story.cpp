#include "report/story.hpp"

#include <algorithm>
#include <utility>

namespace muster::report {
namespace {

using messages::Status;

std::vector<std::string> names_of(const std::vector<messages::Tag>& tags) {
  std::vector<std::string> names;
  for (const messages::Tag& tag : tags) names.push_back(tag.name);
  return names;
}

template <class Value>
const Value* find(const std::unordered_map<std::string, Value>& values, const std::string& id) {
  const auto found = values.find(id);
  return found == values.end() ? nullptr : &found->second;
}

template <class Value>
std::shared_ptr<const Value> shared(
    const std::unordered_map<std::string, std::shared_ptr<const Value>>& values,
    const std::string& id) {
  const auto found = values.find(id);
  return found == values.end() ? nullptr : found->second;
}

/// The protocol's order but for unknown, which is no pass and no skip.
bool lighter(Status a, Status b) {
  const auto gravity = [](Status status) {
    return status == Status::unknown ? 2 * static_cast<int>(Status::skipped) + 1
                                     : 2 * static_cast<int>(status);
  };
  return gravity(a) < gravity(b);
}

}  // namespace

Status Story::Attempt::status() const {
  if (test_case && finished < test_case->test_steps.size())
    return std::max(worst.value_or(Status::unknown), Status::unknown, lighter);
  return worst.value_or(Status::passed);
}

void Story::tell(const messages::Envelope& envelope) {
  if (const auto* told = std::get_if<messages::GherkinDocument>(&envelope)) document(*told);
  if (const auto* told = std::get_if<messages::Pickle>(&envelope))
    pickles_[told->id] = std::make_shared<const messages::Pickle>(*told);
  if (const auto* told = std::get_if<messages::TestCase>(&envelope))
    test_cases_[told->id] = std::make_shared<const messages::TestCase>(*told);
  if (const auto* told = std::get_if<messages::StepDefinition>(&envelope))
    definitions_[told->id] = *told;
  if (const auto* told = std::get_if<messages::Hook>(&envelope)) hooks_[told->id] = *told;
  if (const auto* told = std::get_if<messages::TestRunStarted>(&envelope))
    started_ns_ = messages::to_ns(told->timestamp);
  if (const auto* told = std::get_if<messages::TestCaseStarted>(&envelope)) started(*told);
  if (const auto* told = std::get_if<messages::TestStepFinished>(&envelope)) finished(*told);
  if (const auto* told = std::get_if<messages::TestCaseFinished>(&envelope)) finished(*told);
  if (std::holds_alternative<messages::TestRunFinished>(envelope)) run_finished();
}

void Story::run_finished() {
  // in the order of their ids, for the map has none
  std::map<std::string, const Attempt*> cut_off;
  for (const auto& [id, attempt] : attempts_) cut_off[id] = &attempt;
  for (const auto& [id, attempt] : cut_off) {
    conclude(*attempt, Status::unknown);
    if (attempt->test_case) test_cases_.erase(attempt->test_case->id);
  }
  attempts_.clear();
  not_run_ = static_cast<std::int64_t>(test_cases_.size());
}

void Story::forget(const messages::Envelope& envelope) {
  const auto* told = std::get_if<messages::TestCaseFinished>(&envelope);
  const Attempt* ended = told ? attempt(told->test_case_started_id) : nullptr;
  if (ended == nullptr) return;
  if (!told->will_be_retried && ended->test_case) {
    pickles_.erase(ended->test_case->pickle_id);
    test_cases_.erase(ended->test_case->id);
  }
  attempts_.erase(told->test_case_started_id);
}

void Story::document(const messages::GherkinDocument& document) {
  if (!document.feature) return;
  const messages::Feature& told = *document.feature;
  features_.push_back(std::make_unique<Feature>(Feature{document.uri.value_or(""), told.keyword,
                                                        told.name, told.description,
                                                        names_of(told.tags), told.location.line}));
  const Feature* feature = features_.back().get();
  for (const messages::Tag& tag : told.tags) outer_tags_.insert(tag.id);
  for (const messages::FeatureChild& child : told.children) {
    if (child.background) keywords_of(child.background->steps);
    if (child.scenario) scenario_of(*child.scenario, feature, nullptr);
    if (!child.rule) continue;
    rules_.push_back(
        std::make_unique<Rule>(Rule{child.rule->keyword, child.rule->name,
                                    names_of(child.rule->tags), child.rule->location.line}));
    for (const messages::Tag& tag : child.rule->tags) outer_tags_.insert(tag.id);
    for (const messages::RuleChild& inner : child.rule->children) {
      if (inner.background) keywords_of(inner.background->steps);
      if (inner.scenario) scenario_of(*inner.scenario, feature, rules_.back().get());
    }
  }
}

void Story::scenario_of(const messages::Scenario& scenario, const Feature* feature,
                        const Rule* rule) {
  scenario_by_node_[scenario.id] = {feature, rule, scenario.keyword, scenario.location.line};
  keywords_of(scenario.steps);
}

void Story::keywords_of(const std::vector<messages::Step>& steps) {
  for (const messages::Step& step : steps) keyword_by_node_[step.id] = step.keyword;
}

void Story::started(const messages::TestCaseStarted& started) {
  Attempt made;
  made.test_case = shared(test_cases_, started.test_case_id);
  if (made.test_case) made.pickle = shared(pickles_, made.test_case->pickle_id);
  made.number = started.attempt;
  attempts_[started.id] = std::move(made);
}

void Story::finished(const messages::TestStepFinished& finished) {
  const auto found = attempts_.find(finished.test_case_started_id);
  if (found == attempts_.end()) return;
  Attempt& running = found->second;
  const Status status = finished.test_step_result.status;
  running.worst = running.worst ? std::max(*running.worst, status, lighter) : status;
  ++running.finished;
  const messages::TestStep* step = test_step(running, finished.test_step_id);
  if (step != nullptr && step->pickle_step_id) ++at(running.steps, status);
}

void Story::finished(const messages::TestCaseFinished& finished) {
  const Attempt* ended = attempt(finished.test_case_started_id);
  if (ended == nullptr || finished.will_be_retried) return;
  conclude(*ended, ended->status());
}

void Story::conclude(const Attempt& attempt, Status status) {
  const bool flaky = status == Status::passed && attempt.number > 0;
  ++at(scenarios_, status);
  for (std::size_t i = 0; i < kStatuses; ++i) steps_[i] += attempt.steps[i];
  if (flaky) ++flaky_;
  if ((status == Status::passed && !flaky) || status == Status::skipped) return;
  Trouble trouble;
  trouble.status = status;
  trouble.flaky = flaky;
  if (attempt.pickle) {
    const Scenario* known = scenario(*attempt.pickle);
    trouble.uri = attempt.pickle->uri;
    trouble.keyword = known ? known->keyword : "Scenario";
    trouble.name = attempt.pickle->name;
    trouble.line = line(*attempt.pickle);
  }
  troubles_.push_back(std::move(trouble));
}

const Story::Attempt* Story::attempt(const std::string& started_id) const {
  return find(attempts_, started_id);
}

const messages::TestStep* Story::test_step(const Attempt& attempt, const std::string& id) const {
  if (!attempt.test_case) return nullptr;
  for (const messages::TestStep& step : attempt.test_case->test_steps)
    if (step.id == id) return &step;
  return nullptr;
}

const messages::PickleStep* Story::pickle_step(const Attempt& attempt,
                                               const messages::TestStep& step) const {
  if (!attempt.pickle || !step.pickle_step_id) return nullptr;
  for (const messages::PickleStep& each : attempt.pickle->steps)
    if (each.id == *step.pickle_step_id) return &each;
  return nullptr;
}

const Story::Scenario* Story::scenario(const messages::Pickle& pickle) const {
  return pickle.ast_node_ids.empty() ? nullptr : find(scenario_by_node_, pickle.ast_node_ids[0]);
}

std::string Story::keyword(const messages::PickleStep& step) const {
  if (step.ast_node_ids.empty()) return {};
  const std::string* known = find(keyword_by_node_, step.ast_node_ids[0]);
  return known ? *known : std::string();
}

std::vector<std::string> Story::own_tags(const messages::Pickle& pickle) const {
  std::vector<std::string> names;
  for (const messages::PickleTag& tag : pickle.tags)
    if (outer_tags_.count(tag.ast_node_id) == 0) names.push_back(tag.name);
  return names;
}

int Story::line(const messages::Pickle& pickle) const {
  if (pickle.location) return pickle.location->line;
  const Scenario* known = scenario(pickle);
  return known ? known->line : 0;
}

const messages::StepDefinition* Story::definition(const std::string& id) const {
  return find(definitions_, id);
}

const messages::Hook* Story::hook(const std::string& id) const {
  return find(hooks_, id);
}

}  // namespace muster::report
