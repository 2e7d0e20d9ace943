#include "shard/merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "shard/merged_ids.hpp"

namespace muster::shard {
namespace {

using Emit = std::function<void(const messages::Envelope&)>;

bool earlier(const messages::Timestamp& a, const messages::Timestamp& b) {
  return std::tie(a.seconds, a.nanos) < std::tie(b.seconds, b.nanos);
}

class Merge {
 public:
  Merge(const PlanIndex& index, Findings& findings, const Emit& emit)
      : plan_(index.plan), found_(findings), emit_(emit), ids_(plan_.next_id) {}

  Result<Verdict> tell() {
    if (const auto told = tell_plan(); !told) return told.error();
    messages::TestRunStarted started;
    started.id = ids_.begin_run();
    started.timestamp = time_of_begin();
    emit_(started);
    tell_hooks(true);
    tell_test_cases();
    for (std::size_t i = 0; i < plan_.cases.size(); ++i) {
      if (const CaseStory* story = story_of(i)) tell_lines(plan_.cases[i].shard, story->lines);
    }
    tell_hooks(false);
    return conclude();
  }

 private:
  Result<void> tell_plan() {
    for (const std::string& line : plan_.messages) {
      auto envelope = messages::from_ndjson(line);
      if (!envelope) return envelope.error();
      if (auto* planned = std::get_if<messages::TestCase>(&*envelope)) {
        const std::string pickle = planned->pickle_id;
        planned_.emplace(pickle, std::move(*planned));
        continue;
      }
      if (const auto* hook = std::get_if<messages::Hook>(&*envelope)) {
        if (hook->type == messages::HookType::before_test_run) before_.insert(hook->id);
      }
      emit_(*envelope);
    }
    return {};
  }

  const CaseStory* story_of(std::size_t planned) const {
    const auto& attempt = found_.attempts[plan_.cases[planned].shard];
    if (!attempt) return nullptr;
    const auto story = attempt->cases.find(planned);
    return story == attempt->cases.end() ? nullptr : &story->second;
  }

  /// Each hook of the run once: as it was where it failed first, else where it ran first.
  void tell_hooks(bool before) {
    std::vector<std::string> order;
    std::unordered_map<std::string, std::pair<std::size_t, const HookStory*>> chosen;
    for (std::size_t shard = 0; shard < found_.attempts.size(); ++shard) {
      if (!found_.attempts[shard]) continue;
      for (const HookStory& hook : found_.attempts[shard]->hooks) {
        if ((before_.count(hook.hook_id) > 0) != before) continue;
        const auto [known, first] = chosen.try_emplace(hook.hook_id, shard, &hook);
        if (first) order.push_back(hook.hook_id);
        if (known->second.second->passed && !hook.passed) known->second = {shard, &hook};
      }
    }
    for (const std::string& id : order) {
      tell_lines(chosen[id].first, chosen[id].second->lines);
    }
  }

  /// A run whose first hooks fail has no test cases; one of which a part did has.
  void tell_test_cases() {
    const bool any =
        std::any_of(found_.attempts.begin(), found_.attempts.end(),
                    [](const auto& attempt) { return !attempt || !attempt->cases.empty(); });
    if (!any && !plan_.cases.empty()) return;
    for (std::size_t i = 0; i < plan_.cases.size(); ++i) {
      const auto planned = planned_.find(plan_.cases[i].pickle);
      const CaseStory* story = story_of(i);
      if (story == nullptr) {
        if (planned == planned_.end()) continue;
        planned->second.test_run_started_id = ids_.run();
        emit_(planned->second);
        continue;
      }
      messages::TestCase test_case = story->test_case;
      test_case.test_run_started_id.reset();
      const std::size_t shard = plan_.cases[i].shard;
      // where a host closes other scenarios than the one that planned, their steps are others
      if (planned != planned_.end() && planned->second == test_case) {
        ids_.keep(shard, test_case.id);
        for (const auto& step : test_case.test_steps) ids_.keep(shard, step.id);
      }
      ids_.rename(shard, test_case);
      emit_(test_case);
    }
  }

  void tell_lines(std::size_t shard, const std::vector<std::string_view>& lines) {
    for (const std::string_view line : lines) {
      auto envelope = messages::from_ndjson(line);
      if (!envelope) continue;  // it was read before
      ids_.rename(shard, *envelope);
      emit_(*envelope);
    }
  }

  messages::Timestamp time_of_begin() const {
    std::optional<messages::Timestamp> first;
    for (const auto& attempt : found_.attempts) {
      if (attempt && (!first || earlier(*attempt->began, *first))) first = attempt->began;
    }
    return first.value_or(messages::timestamp_from(system_clock().wall()));
  }

  /// Why all scenarios were closed; nothing when one was not.
  void look_for_nothing_ran() {
    if (!found_.problems.empty() || plan_.cases.empty()) return;
    std::set<std::string> reasons;
    for (std::size_t i = 0; i < plan_.cases.size(); ++i) {
      const CaseStory* story = story_of(i);
      if (story == nullptr || story->begun) return;
      reasons.insert(story->first_words);
    }
    const std::size_t all = plan_.cases.size();
    problem_ = fmt::format(
        "nothing ran, this proves nothing: {} of {} scenarios are closed to this run: {}", all, all,
        fmt::join(reasons, "; "));
    found_.problems.push_back({Fault::empty, problem_});
  }

  Verdict conclude() {
    messages::TestRunFinished finished;
    finished.test_run_started_id = ids_.run();
    finished.success = true;
    std::optional<messages::Timestamp> last;
    for (const auto& attempt : found_.attempts) {
      if (!attempt) continue;
      const auto& end = *attempt->finished;
      finished.success = finished.success && end.success && !attempt->hook_failed();
      if (!finished.message) finished.message = end.message;
      if (!finished.exception) finished.exception = end.exception;
      if (!last || earlier(*last, end.timestamp)) last = end.timestamp;
    }
    for (std::size_t i = 0; i < plan_.cases.size(); ++i) {
      const CaseStory* story = story_of(i);
      const bool green =
          story != nullptr && story->over && story->worst <= messages::Status::skipped;
      finished.success = finished.success && green;
    }
    if (plan_.cases.empty()) found_.problems.push_back({Fault::empty, "the plan has no scenario"});
    for (const Problem& problem : found_.problems) {
      problem_ += (problem_.empty() ? "" : "\n") + to_string(problem);
    }
    look_for_nothing_ran();
    if (!found_.problems.empty()) {
      finished.success = false;
      finished.message = problem_;
    }
    finished.timestamp = last.value_or(messages::timestamp_from(system_clock().wall()));
    emit_(finished);
    return {finished.success, finished.message.value_or("")};
  }

  const PlanFile& plan_;
  Findings& found_;
  const Emit& emit_;
  MergedIds ids_;
  std::unordered_map<std::string, messages::TestCase> planned_;  // by pickle
  std::unordered_set<std::string> before_;                       // ids of hooks before the run
  std::string problem_;
};

}  // namespace

Result<Verdict> merge(const PlanIndex& index, Findings& findings, const Emit& emit) {
  return Merge(index, findings, emit).tell();
}

}  // namespace muster::shard
