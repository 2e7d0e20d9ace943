#include "shard/attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/json_members.hpp"
#include "shard/attempt_file.hpp"

namespace muster::shard {
namespace {

/// Sorts the messages of an attempt by what they are about.
class Reading {
 public:
  Reading(const PlanIndex& index, Attempt& into) : index_(index), attempt_(into) {}

  void take(const messages::Envelope& envelope, std::string_view line) {
    line_ = line;
    std::visit([this](const auto& message) { on(message); }, envelope);
  }
  /// The first thing that was wrong.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  void on(const messages::TestRunStarted& message) { attempt_.began = message.timestamp; }
  void on(const messages::TestRunFinished& message) { attempt_.finished = message; }

  void on(const messages::TestRunHookStarted& message) {
    hooks_[message.id] = attempt_.hooks.size();
    attempt_.hooks.push_back({message.hook_id, {line_}, false});
  }
  void on(const messages::TestRunHookFinished& message) {
    HookStory* hook = hook_of(message.test_run_hook_started_id);
    if (hook == nullptr) return;
    hook->lines.push_back(line_);
    hook->passed = message.result.status == messages::Status::passed;
  }

  void on(const messages::TestCase& message) {
    const auto planned = index_.by_pickle.find(message.pickle_id);
    if (planned == index_.by_pickle.end())
      return fail(Fault::unplanned, "has a scenario that is not in the plan");
    const PlannedCase& what = index_.plan.cases[planned->second];
    if (what.shard != attempt_.shard)
      return fail(Fault::unplanned, fmt::format("has {}:{}, which is planned for shard {}",
                                                what.uri, what.line, what.shard + 1));
    const auto [story, fresh] = attempt_.cases.try_emplace(planned->second);
    if (!fresh) return fail(Fault::duplicate, fmt::format("has {}:{} twice", what.uri, what.line));
    story->second.test_case = message;
    cases_[message.id] = planned->second;
  }

  void on(const messages::TestCaseStarted& message) {
    const auto found = cases_.find(message.test_case_id);
    if (found == cases_.end())
      return fail(Fault::unplanned, "has a result of a scenario that it does not tell");
    CaseStory& story = attempt_.cases[found->second];
    if (story.over) {
      const PlannedCase& what = index_.plan.cases[found->second];
      return fail(Fault::duplicate, fmt::format("has {}:{} twice", what.uri, what.line));
    }
    current_ = found->second;
    started_[message.id] = {found->second, messages::Status::unknown};
    story.begun = story.begun || message.worker_id.has_value();
    keep(message.id);
  }
  void on(const messages::TestStepStarted& message) { keep(message.test_case_started_id); }
  void on(const messages::TestStepFinished& message) {
    CaseStory* story = keep(message.test_case_started_id);
    if (story == nullptr) return;
    messages::Status& worst = started_[message.test_case_started_id].worst;
    worst = std::max(worst, message.test_step_result.status);
    if (story->first_words.empty())
      story->first_words = message.test_step_result.message.value_or("");
  }
  void on(const messages::TestCaseFinished& message) {
    CaseStory* story = keep(message.test_case_started_id);
    if (story == nullptr) return;
    story->over = !message.will_be_retried;
    story->worst = started_[message.test_case_started_id].worst;
  }
  void on(const messages::Attachment& message) { attached(message); }
  void on(const messages::ExternalAttachment& message) { attached(message); }
  void attached(const auto& message) {
    if (message.test_case_started_id) {
      keep(*message.test_case_started_id);
    } else if (message.test_run_hook_started_id) {
      HookStory* hook = hook_of(*message.test_run_hook_started_id);
      if (hook != nullptr) hook->lines.push_back(line_);
    }
  }
  /// It stands within the story of the scenario whose step it is for.
  void on(const messages::Suggestion&) {
    if (current_) attempt_.cases[*current_].lines.push_back(line_);
  }
  void on(const auto&) { fail(Fault::unplanned, "has a message that belongs into the plan"); }

  CaseStory* keep(const std::string& started_id) {
    const auto found = started_.find(started_id);
    if (found == started_.end()) {
      fail(Fault::unplanned, "has a result of a scenario that it does not tell");
      return nullptr;
    }
    CaseStory& story = attempt_.cases[found->second.planned];
    if (story.over) {
      fail(Fault::duplicate, "goes on with a scenario that has ended");
      return nullptr;
    }
    story.lines.push_back(line_);
    return &story;
  }
  HookStory* hook_of(const std::string& started_id) {
    const auto found = hooks_.find(started_id);
    if (found != hooks_.end()) return &attempt_.hooks[found->second];
    fail(Fault::unplanned, "has a result of a hook that it does not tell");
    return nullptr;
  }
  void fail(Fault fault, const std::string& what) {
    if (!problem_) problem_ = Problem{fault, attempt_.path + " " + what};
  }

  const PlanIndex& index_;
  Attempt& attempt_;
  std::string_view line_;
  std::unordered_map<std::string, std::size_t> cases_;  // by id of the TestCase
  struct Running {
    std::size_t planned = 0;
    messages::Status worst = messages::Status::unknown;
  };
  std::unordered_map<std::string, Running> started_;  // by id of the TestCaseStarted
  std::unordered_map<std::string, std::size_t> hooks_;
  std::optional<std::size_t> current_;
  std::optional<Problem> problem_;
};

std::optional<Problem> read_head(std::string_view line, const PlanFile& plan, Attempt& attempt) {
  const auto json = parse_json(line);
  const Json none = Json::object();
  Members head(json && json->is_object() ? *json : none);
  const std::string kind = head.text("muster");
  const std::int64_t schema = head.number("schema_version");
  const std::string digest = head.text("plan");
  const std::int64_t shard = head.number("shard");
  const std::int64_t shards = head.number("shards");
  const std::int64_t number = head.number("attempt");
  if (!head.bad().empty() || kind != "shard" || schema != kShardSchema)
    return Problem{Fault::unplanned, fmt::format("{} is no shard of schema {} by muster",
                                                 attempt.path, kShardSchema)};
  if (digest != plan.digest)
    return Problem{Fault::digest_mismatch,
                   fmt::format("{} is of the plan {}, not of {}", attempt.path,
                               digest.substr(0, 12), plan.digest.substr(0, 12))};
  if (shard < 1 || shards != static_cast<std::int64_t>(plan.shards) || shard > shards)
    return Problem{Fault::unplanned, fmt::format("{} is shard {}/{}, the plan has {}", attempt.path,
                                                 shard, shards, plan.shards)};
  attempt.shard = static_cast<std::size_t>(shard) - 1;
  attempt.number = static_cast<std::size_t>(std::max<std::int64_t>(number, 1));
  return std::nullopt;
}

}  // namespace

PlanIndex::PlanIndex(const PlanFile& of) : plan(of) {
  for (std::size_t i = 0; i < plan.cases.size(); ++i) by_pickle[plan.cases[i].pickle] = i;
}

bool Attempt::hook_failed() const {
  return std::any_of(hooks.begin(), hooks.end(), [](const auto& hook) { return !hook.passed; });
}

bool Attempt::complete(const PlanFile& plan) const {
  if (!began || !finished) return false;
  if (cases.empty() && hook_failed()) return true;
  const auto over = static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const auto& it) { return it.second.over; }));
  return over == plan.cases_of(shard);
}

std::variant<Attempt, Problem> read_attempt(std::string text, const std::string& path,
                                            const PlanIndex& index) {
  auto judged = unseal(std::move(text), path);
  if (auto* problem = std::get_if<Problem>(&judged)) return std::move(*problem);
  const Sealed& sealed = std::get<Sealed>(judged);
  Attempt attempt;
  attempt.path = path;
  attempt.text = sealed.text;
  if (auto problem = read_head(sealed.lines.front(), index.plan, attempt)) {
    return std::move(*problem);
  }
  Reading reading(index, attempt);
  for (std::size_t i = 1; i < sealed.lines.size(); ++i) {
    const auto envelope = messages::from_ndjson(sealed.lines[i]);
    if (!envelope)
      return Problem{Fault::unplanned,
                     fmt::format("{}:{}: {}", path, i + 1, envelope.error().message)};
    reading.take(*envelope, sealed.lines[i]);
  }
  if (reading.problem()) return *reading.problem();
  return attempt;
}

Remains read_remains(std::string_view text, const PlanIndex& index) {
  Remains remains;
  Attempt attempt;
  std::size_t at = text.find('\n');
  if (at == std::string_view::npos) return remains;
  if (read_head(text.substr(0, at), index.plan, attempt)) return remains;
  Reading reading(index, attempt);
  while (true) {
    const std::size_t begin = at + 1;
    at = text.find('\n', begin);
    if (at == std::string_view::npos) break;
    const std::string_view line = text.substr(begin, at - begin);
    if (const auto envelope = messages::from_ndjson(line)) reading.take(*envelope, line);
  }
  for (const auto& [planned, story] : attempt.cases) {
    if (!story.over) continue;
    ++remains.done;
    const PlannedCase& what = index.plan.cases[planned];
    if (story.worst > messages::Status::skipped)
      remains.failed.push_back(fmt::format("{}:{}", what.uri, what.line));
  }
  return remains;
}

}  // namespace muster::shard
