#include "run/selection.hpp"

#include <gmock/gmock.h>

#include "run/order.hpp"
#include "run/shard.hpp"

namespace muster::run {
namespace {

using testing::ElementsAre;

std::vector<ChosenPickle> pickles(std::size_t count) {
  std::vector<ChosenPickle> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back({0, i});
  return made;
}

std::vector<std::size_t> indices(const std::vector<ChosenPickle>& chosen) {
  std::vector<std::size_t> out;
  for (const auto& it : chosen) out.push_back(it.pickle);
  return out;
}

TEST(Order, IsReadAndWritten) {
  EXPECT_EQ(Order::parse("defined")->text(), "defined");
  EXPECT_EQ(Order::parse("reverse")->text(), "reverse");
  EXPECT_EQ(Order::parse("random:42")->text(), "random:42");
  EXPECT_EQ(Order::parse(Order::parse("random")->text())->kind(), Order::Kind::random);
  for (const char* bad : {"", "Random", "random:", "random:x", "random:-1", "random:1x"}) {
    EXPECT_FALSE(Order::parse(bad)) << bad;
  }
}

TEST(Order, ArrangesTheSameWayBySeed) {
  auto reversed = pickles(3);
  Order::parse("reverse")->arrange(reversed);
  EXPECT_THAT(indices(reversed), ElementsAre(2, 1, 0));
  auto once = pickles(100);
  auto twice = pickles(100);
  Order::parse("random:7")->arrange(once);
  Order::parse("random:7")->arrange(twice);
  EXPECT_EQ(indices(once), indices(twice));
  EXPECT_NE(indices(once), indices(pickles(100)));
  auto sorted = indices(once);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, indices(pickles(100)));
  // what a seed gives is a promise to whoever notes it down
  auto few = pickles(6);
  Order::parse("random:1")->arrange(few);
  auto again = pickles(6);
  Order::parse("random:2")->arrange(again);
  EXPECT_NE(indices(few), indices(again));
}

TEST(Shard, PartsAreDisjointAndCoverAll) {
  std::vector<std::size_t> all;
  for (int i = 1; i <= 3; ++i) {
    auto part = pickles(10);
    Shard::parse(std::to_string(i) + "/3")->keep(part);
    EXPECT_GE(part.size(), 3u);
    for (const auto& it : part) all.push_back(it.pickle);
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, indices(pickles(10)));
}

TEST(Shard, AnIndexWithoutATotalIsRefused) {
  for (const char* bad : {"", "1", "0/3", "4/3", "1/", "/3", "a/b", "1/0"}) {
    const auto shard = Shard::parse(bad);
    ASSERT_FALSE(shard) << bad;
    EXPECT_EQ(shard.error().code, "bad_shard");
  }
}

TEST(Shard, ComesFromTheTestEnvironment) {
  using Variables = std::map<std::string, std::string, std::less<>>;
  const auto shard = [](const Variables& variables) {
    return Shard::from_environment([&](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  };
  EXPECT_EQ(*shard({}), std::nullopt);
  EXPECT_EQ(*shard({{"GTEST_SHARD_INDEX", "1"}, {"GTEST_TOTAL_SHARDS", "4"}}), (Shard{1, 4}));
  EXPECT_EQ(*shard({{"TEST_SHARD_INDEX", "0"}, {"TEST_TOTAL_SHARDS", "2"}}), (Shard{0, 2}));
  EXPECT_FALSE(shard({{"GTEST_SHARD_INDEX", "1"}}));
  EXPECT_FALSE(shard({{"TEST_TOTAL_SHARDS", "2"}}));
  EXPECT_FALSE(shard({{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "2"}}));
}

TEST(Shard, ComesFromTheEngineThatRunsTheJob) {
  using Variables = std::map<std::string, std::string, std::less<>>;
  const auto shard = [](const Variables& variables) {
    return Shard::of_job([&](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  };
  EXPECT_EQ(*shard({}), std::nullopt);
  EXPECT_EQ(*shard({{"MUSTER_SHARDS", "4"}}), std::nullopt);
  EXPECT_EQ(*shard({{"SLURM_ARRAY_TASK_ID", "1"}, {"MUSTER_SHARDS", "4"}}), (Shard{0, 4}));
  EXPECT_EQ(*shard({{"JOB_COMPLETION_INDEX", "0"}, {"MUSTER_SHARDS", "4"}}), (Shard{0, 4}));
  EXPECT_EQ(*shard({{"PARALLEL_SEQ", "4"}, {"MUSTER_SHARDS", "4"}}), (Shard{3, 4}));
  Variables array = {{"SLURM_ARRAY_TASK_ID", "2"},
                     {"SLURM_ARRAY_TASK_COUNT", "3"},
                     {"SLURM_ARRAY_TASK_MIN", "1"},
                     {"SLURM_ARRAY_TASK_MAX", "3"}};
  EXPECT_EQ(*shard(array), (Shard{1, 3}));
  // 1 and 3 of more: the count is that of the tasks
  array["SLURM_ARRAY_TASK_MAX"] = "4";
  EXPECT_FALSE(shard(array));
  for (const char* name : {"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "PARALLEL_SEQ"}) {
    EXPECT_FALSE(shard({{name, "1"}})) << name;
    EXPECT_FALSE(shard({{name, "5"}, {"MUSTER_SHARDS", "4"}})) << name;
    EXPECT_FALSE(shard({{name, "x"}, {"MUSTER_SHARDS", "4"}})) << name;
  }
  EXPECT_FALSE(shard({{"SLURM_ARRAY_TASK_ID", "0"}, {"MUSTER_SHARDS", "4"}}));
  EXPECT_FALSE(shard({{"JOB_COMPLETION_INDEX", "4"}, {"MUSTER_SHARDS", "4"}}));
  EXPECT_FALSE(
      shard({{"SLURM_ARRAY_TASK_ID", "1"}, {"PARALLEL_SEQ", "1"}, {"MUSTER_SHARDS", "4"}}));
}

TEST(NameFilter, TakesTextsAndRegularExpressions) {
  EXPECT_TRUE(NameFilter().fits("anything"));
  EXPECT_TRUE(NameFilter({"play"}).fits("The play, one take"));
  EXPECT_FALSE(NameFilter({"Play"}).fits("The play, one take"));
  EXPECT_TRUE(NameFilter({"^The .* take$"}).fits("The play, one take"));
  EXPECT_TRUE(NameFilter({"nothing", "one"}).fits("The play, one take"));
  EXPECT_TRUE(NameFilter({"exit(0"}).fits("calls exit(0)"));
  EXPECT_TRUE(NameFilter({"exit(0)"}).fits("calls exit(0)"));
}

}  // namespace
}  // namespace muster::run
