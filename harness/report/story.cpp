#include "report/story.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "messages/packed.hpp"
#include "messages/timeline.hpp"
#include "report/attempts.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

template <class Value>
const Value* find(const std::unordered_map<std::string, Value>& values, const std::string& id) {
  const auto found = values.find(id);
  return found == values.end() ? nullptr : &found->second;
}

/// One whose bytes stand elsewhere, as a link.
messages::Attachment link(const messages::ExternalAttachment& external) {
  messages::Attachment made;
  made.body = external.url;
  made.media_type = "text/uri-list";
  made.test_case_started_id = external.test_case_started_id;
  made.test_step_id = external.test_step_id;
  made.test_run_hook_started_id = external.test_run_hook_started_id;
  return made;
}

}  // namespace

void Story::tell(const messages::Envelope& envelope) {
  std::visit(
      [this](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        if constexpr (std::is_same_v<Told, messages::Meta>) meta_ = told;
        if constexpr (std::is_same_v<Told, messages::GherkinDocument>)
          documents_.insert_or_assign(told.uri.value_or(""), Document(told));
        if constexpr (std::is_same_v<Told, messages::Pickle>) pickle(told);
        if constexpr (std::is_same_v<Told, messages::TestCase>) test_case(told);
        if constexpr (std::is_same_v<Told, messages::StepDefinition>) definitions_[told.id] = told;
        if constexpr (std::is_same_v<Told, messages::Hook>) hooks_[told.id] = told;
        if constexpr (std::is_same_v<Told, messages::TestRunStarted>)
          started_ns_ = messages::to_ns(told.timestamp);
        if constexpr (std::is_same_v<Told, messages::TestRunHookStarted>)
          run_hooks_[told.id].hook_id = told.hook_id;
        if constexpr (std::is_same_v<Told, messages::TestCaseStarted>) started(told);
        if constexpr (std::is_same_v<Told, messages::Attachment>) attached(told);
        if constexpr (std::is_same_v<Told, messages::ExternalAttachment>) attached(link(told));
        if constexpr (std::is_same_v<Told, messages::TestStepFinished>) finished(told);
        if constexpr (std::is_same_v<Told, messages::TestCaseFinished>) finished(told);
        if constexpr (std::is_same_v<Told, messages::TestRunFinished>) run_finished();
      },
      envelope);
}

void Story::forget(const messages::Envelope& envelope) {
  if (const auto* hook = std::get_if<messages::TestRunHookFinished>(&envelope))
    run_hooks_.erase(hook->test_run_hook_started_id);
  const auto* told = std::get_if<messages::TestCaseFinished>(&envelope);
  if (told == nullptr) return;
  const auto found = attempts_.find(told->test_case_started_id);
  if (found == attempts_.end()) return;
  if (const PlannedCase* planned = found->second.planned) {
    const auto kept = cases_.find(planned->id());
    if (told->will_be_retried) {
      kept->second.earlier_.push_back(std::move(found->second));
    } else {
      cases_.erase(kept);
    }
  }
  attempts_.erase(found);
}

void Story::pickle(const messages::Pickle& pickle) {
  const auto document = documents_.find(pickle.uri);
  pickles_[pickle.id] = {shelf_.put(messages::pack(pickle)),
                         document == documents_.end() ? nullptr : &document->second};
}

void Story::test_case(const messages::TestCase& test_case) {
  WaitingPickle pickle;
  if (const auto found = pickles_.find(test_case.pickle_id); found != pickles_.end()) {
    pickle = std::move(found->second);
    pickles_.erase(found);
  }
  PlannedCase planned(test_case, shelf_.put(messages::pack(test_case)), std::move(pickle.packed),
                      planned_++);
  planned.document_ = pickle.document;
  if (pickle.document != nullptr) ++pickle.document->left;
  cases_.insert_or_assign(test_case.id, std::move(planned));
}

void Story::started(const messages::TestCaseStarted& started) {
  Attempt made;
  made.planned = find(cases_, started.test_case_id);
  made.number = started.attempt;
  made.started_ns = messages::to_ns(started.timestamp);
  if (made.planned != nullptr) made.results.reserve(made.planned->steps());
  attempts_[started.id] = std::move(made);
}

void Story::attached(const messages::Attachment& attachment) {
  if (attachment.media_type == messages::Timeline::kMediaType) {
    // a picture's data, which is nothing to read
    const auto found = attempts_.find(attachment.test_case_started_id.value_or(""));
    if (found != attempts_.end()) found->second.timeline = text_of(attachment);
    return;
  }
  if (attachment.test_run_hook_started_id) {
    run_hooks_[*attachment.test_run_hook_started_id].attachments.push_back(attachment);
  } else if (attachment.test_case_started_id) {
    const auto found = attempts_.find(*attachment.test_case_started_id);
    if (found != attempts_.end()) found->second.attachments.push_back(attachment);
  }
}

void Story::finished(const messages::TestStepFinished& finished) {
  const auto found = attempts_.find(finished.test_case_started_id);
  if (found == attempts_.end()) return;
  Attempt& running = found->second;
  const Status status = finished.test_step_result.status;
  running.worst = running.worst ? graver(*running.worst, status) : status;
  if (running.planned != nullptr && !running.planned->is_hook(finished.test_step_id))
    ++at(running.steps, status);
  running.results.push_back(
      {finished.test_step_id, status, messages::to_ns(finished.test_step_result.duration),
       problem_of(finished.test_step_result), std::exchange(running.attachments, {}),
       cause_of(finished.test_step_result), messages::to_ns(finished.timestamp)});
}

void Story::finished(const messages::TestCaseFinished& finished) {
  const auto found = attempts_.find(finished.test_case_started_id);
  if (found == attempts_.end()) return;
  found->second.ended_ns = messages::to_ns(finished.timestamp);
  if (!finished.will_be_retried) conclude(found->second);
}

void Story::conclude(const Attempt& attempt) {
  const Status status = attempt.status();
  const bool flaky = status == Status::passed && attempt.number > 0;
  ++at(scenarios_, status);
  for (std::size_t i = 0; i < kStatuses; ++i) steps_[i] += attempt.steps[i];
  if (flaky) ++flaky_;
  if (attempt.planned != nullptr && attempt.planned->document_ != nullptr)
    --attempt.planned->document_->left;
  if ((status == Status::passed && !flaky) || status == Status::skipped) return;
  Trouble trouble;
  trouble.status = status;
  trouble.word = flaky ? "flaky" : attempt.word();
  trouble.flaky = flaky;
  trouble.attempts = side_by_side(*this, attempt);
  if (const messages::Pickle* pickle = attempt.pickle()) {
    const DocumentIndex::Scenario* known = scenario(*pickle);
    trouble.uri = pickle->uri;
    trouble.keyword = known ? known->keyword : "Scenario";
    trouble.name = pickle->name;
    trouble.line = line(*pickle);
  }
  troubles_.push_back(std::move(trouble));
}

void Story::run_finished() {
  std::unordered_map<const PlannedCase*, const Attempt*> open;
  for (auto& [id, attempt] : attempts_) {
    attempt.cut_off = true;
    cut_off_.push_back(&attempt);
    open[attempt.planned] = &attempt;
  }
  const auto order = [](const PlannedCase* planned) { return planned ? planned->order() : 0; };
  std::sort(cut_off_.begin(), cut_off_.end(), [&](const Attempt* a, const Attempt* b) {
    return order(a->planned) < order(b->planned);
  });
  for (const Attempt* attempt : cut_off_) conclude(*attempt);
  for (const auto& [id, planned] : cases_)
    if (open.count(&planned) == 0) not_run_.push_back(&planned);
  std::sort(not_run_.begin(), not_run_.end(),
            [&](const PlannedCase* a, const PlannedCase* b) { return order(a) < order(b); });
}

const Attempt* Story::attempt(const std::string& started_id) const {
  return find(attempts_, started_id);
}

const messages::TestStep* Story::test_step(const Attempt& attempt, const std::string& id) const {
  if (attempt.planned == nullptr) return nullptr;
  for (const messages::TestStep& step : attempt.planned->test_case().test_steps)
    if (step.id == id) return &step;
  return nullptr;
}

const messages::PickleStep* Story::pickle_step(const Attempt& attempt,
                                               const messages::TestStep& step) const {
  const messages::Pickle* pickle = attempt.pickle();
  if (pickle == nullptr || !step.pickle_step_id) return nullptr;
  for (const messages::PickleStep& each : pickle->steps)
    if (each.id == *step.pickle_step_id) return &each;
  return nullptr;
}

const Document* Story::document(const messages::Pickle& pickle) const {
  return find(documents_, pickle.uri);
}

const DocumentIndex::Scenario* Story::scenario(const messages::Pickle& pickle) const {
  const Document* found = document(pickle);
  if (found == nullptr || pickle.ast_node_ids.empty()) return nullptr;
  return found->index().scenario(pickle.ast_node_ids.front());
}

const DocumentIndex::Row* Story::row(const messages::Pickle& pickle) const {
  const Document* found = document(pickle);
  if (found == nullptr || pickle.ast_node_ids.size() < 2) return nullptr;
  return found->index().row(pickle.ast_node_ids[1]);
}

const DocumentIndex::Step* Story::node(const messages::Pickle& pickle,
                                       const messages::PickleStep& step) const {
  const Document* found = document(pickle);
  if (found == nullptr || step.ast_node_ids.empty()) return nullptr;
  return found->index().step(step.ast_node_ids.front());
}

std::string Story::keyword(const messages::Pickle& pickle, const messages::PickleStep& step) const {
  const DocumentIndex::Step* known = node(pickle, step);
  return known ? known->keyword : std::string();
}

std::vector<std::string> Story::own_tags(const messages::Pickle& pickle) const {
  const Document* found = document(pickle);
  std::vector<std::string> names;
  for (const messages::PickleTag& tag : pickle.tags) {
    const DocumentIndex::Tag* known = found ? found->index().tag(tag.ast_node_id) : nullptr;
    if (known == nullptr || !known->outer) names.push_back(tag.name);
  }
  return names;
}

int Story::line(const messages::Pickle& pickle) const {
  if (pickle.location) return pickle.location->line;
  const DocumentIndex::Scenario* known = scenario(pickle);
  return known ? known->line : 0;
}

const messages::StepDefinition* Story::definition(const std::string& id) const {
  return find(definitions_, id);
}

const messages::Hook* Story::hook(const std::string& id) const {
  return find(hooks_, id);
}

const messages::Hook* Story::run_hook(const std::string& started_id) const {
  const RunHook* found = find(run_hooks_, started_id);
  return found ? hook(found->hook_id) : nullptr;
}

const std::vector<messages::Attachment>& Story::run_attachments(
    const std::string& started_id) const {
  static const std::vector<messages::Attachment> none;
  const RunHook* found = find(run_hooks_, started_id);
  return found ? found->attachments : none;
}

}  // namespace muster::report
