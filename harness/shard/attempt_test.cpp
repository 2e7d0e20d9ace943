// How the file of an attempt comes to its name, and how plans and timings are read.
#include <gmock/gmock.h>

#include <filesystem>

#include "shard/attempt_name.hpp"
#include "shard/played_for_tests.hpp"
#include "shard/timings.hpp"

namespace muster::shard {
namespace {

namespace fs = std::filesystem;
using muster::testing::TempTree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names_in(const TempTree& tree) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(tree.path()))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(AttemptName, IsReadAsItIsWritten) {
  const AttemptName name{2, 13, 4, true};
  EXPECT_EQ(name.text(), "shard-2-of-13.attempt-4.ndjson.partial");
  const auto read = AttemptName::parse(name.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text(), name.text());
  for (const char* other : {"shard-2-of-13.attempt-4.ndjson.bak", "shard-2.ndjson", "run.ndjson",
                            "shard-x-of-2.attempt-1.ndjson", ""})
    EXPECT_FALSE(AttemptName::parse(other)) << other;
}

TEST(AttemptFile, HasItsNameOnlyWhenItIsWhole) {
  const PlayedRun played(4, 1);
  const TempTree tree;
  auto file = std::move(AttemptFile::begin(played.start(0, tree.str()))).value_or_throw();
  EXPECT_THAT(names_in(tree), ElementsAre("shard-1-of-1.attempt-1.ndjson.partial"));
  for (const auto& envelope : played.told(0)) file.take(envelope, messages::to_ndjson(envelope));
  EXPECT_TRUE(std::move(file.finish(false)).value_or_throw());
  EXPECT_THAT(names_in(tree), ElementsAre("shard-1-of-1.attempt-1.ndjson"));
}

TEST(AttemptFile, IsAPartWhenInterruptedOrWithoutAResult) {
  const PlayedRun played(4, 1);
  for (const bool interrupted : {true, false}) {
    const TempTree tree;
    auto file = std::move(AttemptFile::begin(played.start(0, tree.str()))).value_or_throw();
    bool left_out = interrupted;
    for (const auto& envelope : played.told(0)) {
      if (!left_out && std::holds_alternative<messages::TestCaseFinished>(envelope)) {
        left_out = true;
        continue;
      }
      file.take(envelope, messages::to_ndjson(envelope));
    }
    EXPECT_FALSE(std::move(file.finish(interrupted)).value_or_throw());
    EXPECT_THAT(names_in(tree), ElementsAre("shard-1-of-1.attempt-1.ndjson.partial"));
  }
}

TEST(AttemptFile, TakesNumbersThatNobodyHas) {
  const PlayedRun played(2, 2);
  const TempTree tree;
  auto first = std::move(AttemptFile::begin(played.start(0, tree.str()))).value_or_throw();
  auto second = std::move(AttemptFile::begin(played.start(0, tree.str()))).value_or_throw();
  EXPECT_EQ(first.attempt(), 1U);
  EXPECT_EQ(second.attempt(), 2U);
  for (const auto& envelope : played.told(0)) second.take(envelope, messages::to_ndjson(envelope));
  EXPECT_TRUE(std::move(second.finish(false)).value_or_throw());
  const auto third = AttemptFile::begin(played.start(0, tree.str()));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, "attempt_whole");
  EXPECT_TRUE(AttemptFile::begin(played.start(1, tree.str())).ok());
}

TEST(AttemptFile, AFolderThatCanNotBeMadeIsAnError) {
  const PlayedRun played(1, 1);
  const TempTree tree;
  tree.write("file", "");
  EXPECT_FALSE(AttemptFile::begin(played.start(0, tree.str("file/below"))));
}

TEST(PlanFile, IsReadAsItIsWritten) {
  const PlayedRun played(5, 3);
  const TempTree tree;
  tree.write("plan", played.text);
  const auto plan = read_plan(tree.str("plan"));
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->digest, played.plan.digest);
  EXPECT_EQ(plan->content, played.plan.content);
  EXPECT_EQ(plan->selection, played.plan.selection);
  EXPECT_EQ(plan->messages, played.plan.messages);
  EXPECT_EQ(plan->next_id, played.plan.next_id);
  PlanFile again = *plan;
  EXPECT_EQ(to_text(again), played.text);
  EXPECT_EQ(read_plan(tree.str("nowhere")).error().code, "path_missing");
}

TEST(PlanFile, WhatWasChangedIsNamed) {
  const Content planned{"1", "lib", {{"tier", "0"}}, {{"a", "1"}, {"b", "2"}}, "cases"};
  EXPECT_EQ(difference(planned, planned), "");
  const auto changed = [&](auto change) {
    Content now = planned;
    change(now);
    return difference(planned, now);
  };
  EXPECT_THAT(changed([](Content& it) { it.version = "2"; }), HasSubstr("muster 1, this is 2"));
  EXPECT_THAT(changed([](Content& it) { it.library = "x"; }), HasSubstr("step definitions"));
  EXPECT_THAT(changed([](Content& it) { it.settings["tier"] = "1"; }), HasSubstr("--tier"));
  EXPECT_EQ(changed([](Content& it) { it.files[1].second = "3"; }), "b was changed since the plan");
  EXPECT_EQ(changed([](Content& it) { it.files.pop_back(); }), "b is planned and not selected");
  EXPECT_THAT(changed([](Content& it) { it.files.push_back({"c", "3"}); }), HasSubstr("other"));
  EXPECT_THAT(changed([](Content& it) { it.cases = "x"; }), HasSubstr("other scenarios"));
}

TEST(Timings, AreThoseOfAllAttempts) {
  const PlayedRun played(3, 1);
  const TempTree tree;
  std::string text;
  std::int64_t seconds = 0;
  for (const auto& line : played.plan.messages) text += line + "\n";
  for (auto envelope : played.told(0)) {
    if (auto* it = std::get_if<messages::TestCaseStarted>(&envelope)) it->timestamp = {seconds, 0};
    if (auto* it = std::get_if<messages::TestCaseFinished>(&envelope))
      it->timestamp = {seconds += 2, 0};
    text += messages::to_ndjson(envelope);
  }
  tree.write("run.ndjson", text);
  const auto timings = Timings::read(tree.str("run.ndjson"));
  ASSERT_TRUE(timings) << timings.error().message;
  EXPECT_EQ(timings->ms("a.feature", "scenario 0", 0), 2000);
  EXPECT_EQ(timings->ms("a.feature", "scenario 2", 0), 4000);  // it was tried twice
  EXPECT_EQ(timings->ms("a.feature", "scenario 2", 1), std::nullopt);
  EXPECT_EQ(timings->mean_ms(), 8000 / 3);
  tree.write("fast.ndjson", [&] {
    std::string fast;
    for (const auto& line : played.plan.messages) fast += line + "\n";
    for (const auto& envelope : played.told(0)) fast += messages::to_ndjson(envelope);
    return fast;
  }());
  // what takes no time is dealt out like the rest
  EXPECT_EQ(
      Timings::read(tree.str("fast.ndjson")).value_or_throw().ms("a.feature", "scenario 0", 0), 1);
  EXPECT_EQ(Timings().mean_ms(), 1000);
}

TEST(Timings, WhatIsNoRunIsRefused) {
  const PlayedRun played(1, 1);
  const TempTree tree;
  tree.write("plan", played.text);
  tree.write("nothing", "");
  tree.write("meta", played.plan.messages.front() + "\n");
  const auto plan = Timings::read(tree.str("plan"));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().place.line, 1);
  for (const char* file : {"nothing", "meta"}) {
    const auto read = Timings::read(tree.str(file));
    ASSERT_FALSE(read) << file;
    EXPECT_EQ(read.error().code, "no_timings") << file;
  }
}

}  // namespace
}  // namespace muster::shard
