// The merge: equal to the run of everything, and never green when something is missing, cut,
// changed, doubled or of another plan; each by its name.
#include "shard/merge.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <random>

#include "shard/played_for_tests.hpp"

namespace muster::shard {
namespace {

namespace fs = std::filesystem;
using muster::testing::TempTree;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// With the footer that fits: what somebody makes who wants to be believed.
std::string sealed_again(std::vector<std::string> lines) {
  Seal seal;
  std::string text;
  for (const auto& line : lines) {
    seal.take(line);
    text += line + "\n";
  }
  return text + seal.footer();
}

/// Two shards of six scenarios, both written; the second is what is played with.
class Two : public ::testing::Test {
 protected:
  Two() {
    played_.write(0, tree_.str());
    victim_ = played_.write(1, tree_.str());
    text_ = tree_.read(fs::path(victim_).filename().string());
  }
  MergedRun with(const std::string& text) {
    tree_.write(fs::path(victim_).filename().string(), text);
    return merged(played_.plan, tree_.str());
  }
  /// Red, with these names.
  void expect_red(const std::string& text, const std::vector<std::string>& names,
                  const std::string& what) {
    const auto run = with(text);
    EXPECT_FALSE(run.verdict.passed) << what;
    EXPECT_EQ(run.names, names) << what << ::testing::PrintToString(run.texts);
  }

  PlayedRun played_{6, 2};
  TempTree tree_;
  std::string victim_;
  std::string text_;
};

TEST(Merge, IsTheRunOfEverythingForAnyNumberOfShards) {
  for (std::size_t shards = 1; shards <= 8; ++shards) {
    const PlayedRun played(13, shards);
    const TempTree tree;
    for (std::size_t i = 0; i < shards; ++i) played.write(i, tree.str());
    const auto run = merged(played.plan, tree.str());
    EXPECT_TRUE(run.verdict.passed) << ::testing::PrintToString(run.texts);
    EXPECT_EQ(Normal::of(run.lines), Normal::of(played.unsharded())) << shards << " shards";
  }
}

TEST(Merge, AFailedScenarioFailsTheWhole) {
  const PlayedRun played(6, 2);
  const TempTree tree;
  for (std::size_t i = 0; i < 2; ++i) played.write(i, tree.str(), 4);
  const auto run = merged(played.plan, tree.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre());
  EXPECT_EQ(Normal::of(run.lines), Normal::of(played.unsharded(4)));
}

TEST_F(Two, CutAtEveryLine) {
  EXPECT_TRUE(with(text_).verdict.passed);
  expect_red("", {"EMPTY", "LOST_SHARD(2)"}, "0 bytes");
  for (std::size_t at = text_.find('\n'); at + 1 < text_.size(); at = text_.find('\n', at + 1)) {
    expect_red(text_.substr(0, at + 1), {"TRUNCATED", "LOST_SHARD(2)"}, std::to_string(at));
  }
}

TEST_F(Two, CutAtAThousandBytes) {
  std::mt19937 random(1000);
  for (int i = 0; i < 1000; ++i) {
    const std::size_t at = 1 + random() % (text_.size() - 1);
    expect_red(text_.substr(0, at), {"TRUNCATED", "LOST_SHARD(2)"}, std::to_string(at));
  }
}

TEST_F(Two, EveryLineTakenOutOrDoubled) {
  const auto lines = lines_of(text_);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    std::string without;
    std::string twice;
    for (std::size_t k = 0; k < lines.size(); ++k) {
      if (k != i) without += lines[k] + "\n";
      twice += lines[k] + "\n" + (k == i ? lines[k] + "\n" : "");
    }
    expect_red(without, {"DIGEST_MISMATCH", "LOST_SHARD(2)"}, lines[i]);
    expect_red(twice, {"DIGEST_MISMATCH", "LOST_SHARD(2)"}, lines[i]);
  }
}

/// Every text with one scalar of `json` changed.
void each_edit(const Json& whole, Json& at, const std::function<void(const Json&)>& take) {
  if (at.is_structured()) {
    for (auto& inner : at) each_edit(whole, inner, take);
    return;
  }
  const Json was = at;
  if (at.is_string()) {
    at = was.get<std::string>() + "0";
  } else if (at.is_boolean()) {
    at = !was.get<bool>();
  } else {
    at = was.get<std::int64_t>() + 1;
  }
  take(whole);
  at = was;
}

TEST_F(Two, EverySingleFieldEdited) {
  const auto lines = lines_of(text_);
  std::size_t edits = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Json json = parse_json(lines[i]).value_or_throw();
    each_edit(json, json, [&](const Json& edited) {
      ++edits;
      std::string text;
      for (std::size_t k = 0; k < lines.size(); ++k)
        text += (k == i ? dump_json(edited) : lines[k]) + "\n";
      expect_red(text, {"DIGEST_MISMATCH", "LOST_SHARD(2)"}, dump_json(edited));
    });
  }
  EXPECT_GT(edits, 100U);
}

TEST_F(Two, ThePlanCutOrEdited) {
  const auto code = [&](const std::string& text) {
    tree_.write("plan", text);
    const auto plan = read_plan(tree_.str("plan"));
    return plan ? std::string("read") : plan.error().code;
  };
  EXPECT_EQ(code(played_.text), "read");
  EXPECT_EQ(code(""), "EMPTY");
  const auto lines = lines_of(played_.text);
  std::string head;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) {
      EXPECT_EQ(code(head), "TRUNCATED") << i;
    }
    head += lines[i] + "\n";
    Json json = parse_json(lines[i]).value_or_throw();
    each_edit(json, json, [&](const Json& edited) {
      std::string text;
      for (std::size_t k = 0; k < lines.size(); ++k)
        text += (k == i ? dump_json(edited) : lines[k]) + "\n";
      EXPECT_EQ(code(text), "DIGEST_MISMATCH") << dump_json(edited);
    });
  }
  std::mt19937 random(5);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(code(played_.text.substr(0, 1 + random() % (played_.text.size() - 1))), "TRUNCATED");
}

TEST_F(Two, AnAttemptThatIsThereTwice) {
  expect_red(text_ + text_, {"DUPLICATE", "LOST_SHARD(2)"}, "one file");
  with(text_);
  tree_.write("again/" + fs::path(victim_).filename().string(), text_);
  const auto run = merged(played_.plan, tree_.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre("DUPLICATE"));
}

TEST_F(Two, AnAttemptOfAnotherPlan) {
  const PlayedRun other(7, 2);
  const TempTree elsewhere;
  const auto path = other.write(1, elsewhere.str());
  expect_red(elsewhere.read(fs::path(path).filename().string()),
             {"DIGEST_MISMATCH", "LOST_SHARD(2)"}, "another plan");
}

TEST_F(Two, WhatWasNotPlanned) {
  auto lines = lines_of(text_);
  lines.pop_back();
  auto head = parse_json(lines[0]).value_or_throw();
  for (const int shard : {1, 3, 0}) {
    auto changed = lines;
    head["shard"] = shard;
    changed[0] = dump_json(head);
    const auto run = with(sealed_again(changed));
    EXPECT_FALSE(run.verdict.passed);
    EXPECT_THAT(run.names, Contains("UNPLANNED")) << shard;
    EXPECT_TRUE(run.has("LOST_SHARD(2)")) << shard;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("{\"testCase\":")) continue;
    auto changed = lines;
    Json json = parse_json(lines[i]).value_or_throw();
    json["testCase"]["pickleId"] = "nobody";
    changed[i] = dump_json(json);
    expect_red(sealed_again(changed), {"UNPLANNED", "LOST_SHARD(2)"}, "pickle");
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    expect_red(sealed_again(changed), {"DUPLICATE", "LOST_SHARD(2)"}, "case");
  }
}

TEST_F(Two, AResultThatIsMissingOrThereTwice) {
  auto lines = lines_of(text_);
  lines.pop_back();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("{\"testCaseFinished\":")) continue;
    auto changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    if (lines[i].find("\"willBeRetried\":false") != std::string::npos)
      expect_red(sealed_again(changed), {"LOST_SHARD(2)"}, lines[i]);
    changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    const auto run = with(sealed_again(changed));
    if (lines[i].find("\"willBeRetried\":false") != std::string::npos) {
      EXPECT_THAT(run.names, ElementsAre("DUPLICATE", "LOST_SHARD(2)"));
    }
  }
}

TEST_F(Two, ALostShardIsToldAsPlannedAndNeverStarted) {
  fs::remove(victim_);
  const auto run = merged(played_.plan, tree_.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre("LOST_SHARD(2)"));
  EXPECT_THAT(run.verdict.problem, HasSubstr("LOST_SHARD(2)"));
  std::size_t cases = 0;
  for (const auto& line : run.lines) cases += line.starts_with("{\"testCase\":") ? 1 : 0;
  EXPECT_EQ(cases, 6U);
}

TEST(Merge, OfNothingLosesEveryShard) {
  const PlayedRun played(3, 3);
  const TempTree tree;
  const auto run = merged(played.plan, tree.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre("LOST_SHARD(1)", "LOST_SHARD(2)", "LOST_SHARD(3)"));
}

TEST(Merge, OfAPlanWithoutScenariosIsRed) {
  const PlayedRun played(0, 1);
  const TempTree tree;
  played.write(0, tree.str());
  EXPECT_THAT(merged(played.plan, tree.str()).names, ElementsAre("EMPTY"));
}

TEST(Merge, OfScenariosThatAreAllClosedIsRed) {
  const PlayedRun played(2, 1);
  const TempTree tree;
  auto file = std::move(AttemptFile::begin(played.start(0, tree.str()))).value_or_throw();
  for (auto envelope : played.told(0)) {
    if (auto* started = std::get_if<messages::TestCaseStarted>(&envelope))
      started->worker_id.reset();
    if (auto* finished = std::get_if<messages::TestStepFinished>(&envelope)) {
      finished->test_step_result.status = messages::Status::skipped;
      finished->test_step_result.message = "tier 1 is above --tier 0";
    }
    file.take(envelope, messages::to_ndjson(envelope));
  }
  EXPECT_TRUE(std::move(file.finish(false)).value_or_throw());
  const auto run = merged(played.plan, tree.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre("EMPTY"));
  EXPECT_EQ(run.verdict.problem,
            "nothing ran, this proves nothing: 2 of 2 scenarios are closed to this run: tier 1 is "
            "above --tier 0");
}

TEST(Merge, ASecondAttemptCompletesALostShard) {
  const PlayedRun played(6, 2);
  const TempTree tree;
  played.write(0, tree.str());
  {
    auto cut = std::move(AttemptFile::begin(played.start(1, tree.str()))).value_or_throw();
    std::size_t told = 0;
    for (const auto& envelope : played.told(1, 3)) {
      if (++told == 12) break;
      cut.take(envelope, messages::to_ndjson(envelope));
    }
    cut.flush();
  }
  const auto lost = merged(played.plan, tree.str());
  EXPECT_THAT(lost.names, ElementsAre("LOST_SHARD(2)"));
  EXPECT_THAT(lost.texts[0], HasSubstr("attempt-1.ndjson.partial was cut off after"));
  const auto path = played.write(1, tree.str());
  EXPECT_THAT(path, HasSubstr("attempt-2.ndjson"));
  const auto run = merged(played.plan, tree.str());
  EXPECT_TRUE(run.verdict.passed) << ::testing::PrintToString(run.texts);
  ASSERT_EQ(run.notes.size(), 1U);
  EXPECT_THAT(run.notes[0], HasSubstr("was cut off after"));
}

TEST(Merge, ADamagedAttemptIsRedAlsoWhenAnotherIsWhole) {
  const PlayedRun played(4, 1);
  const TempTree tree;
  const auto path = played.write(0, tree.str());
  const std::string text = tree.read(fs::path(path).filename().string());
  tree.write("shard-1-of-1.attempt-2.ndjson", text.substr(0, text.size() / 2));
  const auto run = merged(played.plan, tree.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre("TRUNCATED"));
}

TEST(Merge, AHookThatFailsInOneShardFailsTheWhole) {
  const PlayedRun played(4, 2);
  const TempTree tree;
  played.write(0, tree.str());
  auto file = std::move(AttemptFile::begin(played.start(1, tree.str()))).value_or_throw();
  for (auto envelope : played.told(1)) {
    const bool of_a_case = std::visit(
        [](const auto& it) {
          return requires {
            it.test_case_started_id;
          };
        },
        envelope);
    if (of_a_case || std::holds_alternative<messages::TestCase>(envelope) ||
        std::holds_alternative<messages::TestCaseStarted>(envelope) ||
        std::holds_alternative<messages::Suggestion>(envelope))
      continue;
    if (auto* hook = std::get_if<messages::TestRunHookFinished>(&envelope))
      hook->result.status = messages::Status::failed;
    file.take(envelope, messages::to_ndjson(envelope));
  }
  EXPECT_TRUE(std::move(file.finish(false)).value_or_throw());
  const auto run = merged(played.plan, tree.str());
  EXPECT_FALSE(run.verdict.passed);
  EXPECT_THAT(run.names, ElementsAre());
  const auto failed = std::count_if(run.lines.begin(), run.lines.end(), [](const auto& line) {
    return line.starts_with("{\"testRunHookFinished\":") &&
           line.find("\"FAILED\"") != std::string::npos;
  });
  EXPECT_EQ(failed, 2);
}

}  // namespace
}  // namespace muster::shard
