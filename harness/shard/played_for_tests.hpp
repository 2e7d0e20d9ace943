#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "messages/messages.hpp"
#include "shard/attempt_file.hpp"
#include "shard/findings.hpp"
#include "shard/merge.hpp"
#include "shard/plan_file.hpp"
#include "testing/temp_tree.hpp"

namespace muster::shard {

/// A run that nobody had to run: its plan and what a runner would tell of any part of it. Of every
/// four scenarios the third is flaky, has an attachment and a suggestion.
class PlayedRun {
 public:
  PlayedRun(std::size_t cases, std::size_t shards) {
    plan.shards = shards;
    plan.content = {"0.1.0", "lib", {{"tier", "0"}}, {{"a.feature", "f00d"}}, "cases"};
    plan.selection = {{"run.paths", {"a.feature"}}};
    keep(messages::Meta{});
    keep(messages::Hook{id(), {}, {}, {}, messages::HookType::before_test_run});
    keep(messages::Hook{id(), {}, {}, {}, messages::HookType::after_test_run});
    for (std::size_t i = 0; i < cases; ++i) {
      messages::Pickle pickle;
      pickle.id = id();
      pickle.uri = "a.feature";
      pickle.name = "scenario " + std::to_string(i);
      pickle.steps.push_back({{}, {}, id(), {}, "a step"});
      keep(pickle);
      messages::TestCase test_case;
      test_case.id = id();
      test_case.pickle_id = pickle.id;
      test_case.test_steps.push_back({{}, id(), pickle.steps[0].id, {}, {}});
      test_cases.push_back(test_case);
      plan.cases.push_back({"key" + std::to_string(i),
                            pickle.id,
                            pickle.uri,
                            static_cast<int>(i) + 2,
                            pickle.name,
                            {},
                            10,
                            i / 2 % shards});
    }
    for (const auto& test_case : test_cases) keep(test_case);
    plan.next_id = next_;
    text = to_text(plan);
  }

  /// What a run of the scenarios of one shard (from 0) tells, or of all; `failing`: the one of the
  /// plan that fails.
  std::vector<messages::Envelope> told(std::optional<std::size_t> shard,
                                       std::optional<std::size_t> failing = {}) const {
    std::uint64_t next = plan.next_id;
    const auto fresh = [&] { return std::to_string(next++); };
    std::vector<messages::Envelope> all;
    const std::string run = fresh();
    const std::int64_t time = shard ? static_cast<std::int64_t>(*shard) + 5 : 3;
    const auto hook = [&](const char* id, std::string started) {
      all.push_back(messages::TestRunHookStarted{started, run, id, {}, {time, 1}});
      messages::TestRunHookFinished finished{started, {}, {time, 2}};
      finished.result.status = messages::Status::passed;
      all.push_back(finished);
    };
    all.push_back(messages::TestRunStarted{{time, 0}, run});
    hook("0", fresh());
    for (std::size_t i = 0; i < test_cases.size(); ++i) {
      if (shard && plan.cases[i].shard != *shard) continue;
      messages::TestCase test_case = test_cases[i];
      test_case.test_run_started_id = run;
      all.push_back(test_case);
    }
    bool passed = true;
    for (std::size_t i = 0; i < test_cases.size(); ++i) {
      if (shard && plan.cases[i].shard != *shard) continue;
      const bool fails = failing == i;
      passed = passed && !fails;
      const bool flaky = i % 4 == 2;
      for (std::int64_t attempt = 0; attempt <= (flaky ? 1 : 0); ++attempt) {
        const bool last = !flaky || attempt == 1;
        tell_case(all, i, attempt, fresh(), fails || !last, last, time);
      }
    }
    hook("1", fresh());
    messages::TestRunFinished finished;
    finished.success = passed;
    finished.timestamp = {time + 1, 0};
    finished.test_run_started_id = run;
    all.push_back(finished);
    return all;
  }

  /// As one run of everything tells it: plan and all.
  std::vector<std::string> unsharded(std::optional<std::size_t> failing = {}) const {
    std::vector<std::string> lines;
    for (const auto& line : plan.messages) {
      if (!line.starts_with("{\"testCase\":")) lines.push_back(line + "\n");
    }
    for (const auto& envelope : told({}, failing)) lines.push_back(messages::to_ndjson(envelope));
    return lines;
  }

  AttemptStart start(std::size_t shard, const std::string& folder) const {
    return {folder,
            plan.digest,
            shard + 1,
            plan.shards,
            plan.cases_of(shard),
            "0.1.0",
            "run",
            "host",
            "2026-01-02T03:04:05.000Z"};
  }

  /// The attempt of a shard (from 0) as its run writes it; where it stands.
  std::string write(std::size_t shard, const std::string& folder,
                    std::optional<std::size_t> failing = {}) const {
    auto file = std::move(AttemptFile::begin(start(shard, folder))).value_or_throw();
    for (const auto& envelope : told(shard, failing))
      file.take(envelope, messages::to_ndjson(envelope));
    (void)std::move(file.finish(false)).value_or_throw();
    return file.path();
  }

  PlanFile plan;
  std::string text;
  std::vector<messages::TestCase> test_cases;

 private:
  void tell_case(std::vector<messages::Envelope>& all, std::size_t i, std::int64_t attempt,
                 const std::string& started, bool fails, bool last, std::int64_t time) const {
    const auto& test_case = test_cases[i];
    const std::string step = test_case.test_steps[0].id;
    all.push_back(messages::TestCaseStarted{attempt, started, test_case.id, "0", {time, 10}});
    all.push_back(messages::TestStepStarted{started, step, {time, 11}});
    if (i % 4 == 2) {
      messages::Attachment attachment;
      attachment.body = "seen by " + std::to_string(i);
      attachment.media_type = "text/plain";
      attachment.test_case_started_id = started;
      attachment.test_step_id = step;
      all.push_back(attachment);
      all.push_back(messages::Suggestion{"s" + std::to_string(i) + std::to_string(attempt),
                                         *test_case.test_steps[0].pickle_step_id,
                                         {{"cpp", "STEP();"}}});
    }
    messages::TestStepFinished finished;
    finished.test_case_started_id = started;
    finished.test_step_id = step;
    finished.test_step_result.status = fails ? messages::Status::failed : messages::Status::passed;
    finished.timestamp = {time, 12};
    all.push_back(finished);
    all.push_back(messages::TestCaseFinished{started, {time, 13}, !last});
  }

  void keep(const messages::Envelope& envelope) {
    std::string line = messages::to_ndjson(envelope);
    line.pop_back();
    plan.messages.push_back(line);
  }
  std::string id() { return std::to_string(next_++); }
  std::uint64_t next_ = 0;
};

/// Ids by order of appearance, no times, no workers.
class Normal {
 public:
  static std::vector<std::string> of(const std::vector<std::string>& lines) {
    Normal normal;
    std::vector<std::string> made;
    for (const auto& line : lines)
      made.push_back(dump_json(normal.value("", parse_json(line).value_or_throw())));
    return made;
  }

 private:
  Json value(const std::string& key, const Json& json) {
    if (key == "timestamp" || key == "duration" || key == "workerId") return "…";
    if (json.is_array()) {
      Json made = Json::array();
      for (const auto& it : json) made.push_back(value(key, it));
      return made;
    }
    if (json.is_object()) {
      Json made = Json::object();
      for (const auto& [name, it] : json.items()) made[name] = value(name, it);
      return made;
    }
    const bool is_id = key == "id" || key.ends_with("Id") || key.ends_with("Ids");
    if (!is_id || !json.is_string()) return json;
    return ids_.emplace(json.get<std::string>(), "id" + std::to_string(ids_.size())).first->second;
  }
  std::map<std::string, std::string> ids_;
};

/// What a merge came to.
struct MergedRun {
  Verdict verdict;
  std::vector<std::string> names;  ///< of its problems
  std::vector<std::string> texts;
  std::vector<std::string> notes;
  std::vector<std::string> lines;

  bool has(const std::string& name) const {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
};

inline MergedRun merged(const PlanFile& plan, const std::string& folder) {
  const PlanIndex index(plan);
  auto findings = std::move(find_attempts(folder, index)).value_or_throw();
  MergedRun made;
  made.verdict = std::move(merge(index, findings, [&](const messages::Envelope& envelope) {
                   made.lines.push_back(messages::to_ndjson(envelope));
                 })).value_or_throw();
  for (const auto& problem : findings.problems) {
    made.names.push_back(name_of(problem));
    made.texts.push_back(to_string(problem));
  }
  made.notes = findings.notes;
  return made;
}

}  // namespace muster::shard
