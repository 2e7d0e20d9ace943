#include "audit/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/log_for_tests.hpp"

namespace muster::audit {
namespace {

using namespace logs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kChain =
    "key /workspace_slug\n"
    "a.begun\n"
    "a.node x2 distinct /payload/id\n"
    "a.ended where /payload/outcome == \"clean\"\n";
constexpr std::int64_t kMs = 1'000'000;

std::vector<events::Event> run(const std::string& slug, std::int64_t at) {
  return {event(at, "a.begun", slug), event(at + kMs, "a.node", slug, {{"id", "n-1"}}),
          event(at + 2 * kMs, "a.node", slug, {{"id", "n-2"}}),
          event(at + 3 * kMs, "a.ended", slug, {{"outcome", "clean"}})};
}

std::vector<events::Event> interleaved(int runs) {
  std::vector<events::Event> log;
  for (int step = 0; step < 4; ++step) {
    for (int one = 0; one < runs; ++one)
      log.push_back(run("run-" + std::to_string(one), step * kMs)[static_cast<std::size_t>(step)]);
  }
  return log;
}

TEST(Verify, InterleavedRunsDoNotDisturbEachOther) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    VerifyOptions options;
    options.threads = threads;
    options.piece = 1'000;
    const auto verified = Log(text_of(interleaved(64))).verified(kChain, options).value_or_throw();
    EXPECT_TRUE(verified.holds());
    EXPECT_EQ(verified.events, 256U);
    EXPECT_EQ(verified.keys, 64U);
    EXPECT_EQ(verified.satisfied, 64U);
    EXPECT_EQ(verified.listed.size(), 20U);
    EXPECT_EQ(verified.listed.front(), "\"run-0\"");
  }
}

TEST(Verify, FailingKeysAreExplainedUpToABound) {
  auto log = interleaved(64);
  std::erase_if(log, [](const events::Event& one) {
    return one.event == "a.ended" && one.workspace_slug != "run-7";
  });
  const auto verified = Log(text_of(log)).verified(kChain).value_or_throw();
  EXPECT_FALSE(verified.holds());
  EXPECT_EQ(verified.failed.size(), 63U);
  ASSERT_EQ(verified.explained.size(), 20U);
  EXPECT_EQ(verified.failed.front().kind, chain::Violation::Kind::incomplete);
  EXPECT_EQ(verified.explained.front().failure.headline,
            "HATCH chain for workspace \"run-0\": a.ended never came");
}

TEST(Verify, AnEventAfterTheEndBreaksAClosedRun) {
  auto log = run("one", 0);
  log.push_back(event(9 * kMs, "a.node", "one", {{"id", "n-3"}}));
  const auto verified = Log(text_of(log)).verified(kChain).value_or_throw();
  ASSERT_EQ(verified.failed.size(), 1U);
  EXPECT_EQ(to_text(verified.failed.front().kind), "unexpected");
  EXPECT_EQ(verified.satisfied, 0U);
}

TEST(Verify, CountsBeyondAThousandAreCounted) {
  std::string chain = "a.node x6000 distinct /payload/id\na.ended ?\n";
  std::vector<events::Event> log;
  for (int node = 0; node < 6'000; ++node)
    log.push_back(event(kMs, "a.node", "one", {{"id", "n-" + std::to_string(node)}}));
  VerifyOptions options;
  options.reports = 0;
  EXPECT_TRUE(Log(text_of(log)).verified(chain).value_or_throw().holds());
  log[4'000].payload["id"] = "n-7";
  const auto doubled = Log(text_of(log)).verified(chain, options).value_or_throw();
  ASSERT_EQ(doubled.failed.size(), 1U);
  EXPECT_EQ(doubled.failed.front().events, 4'001U);
  log.pop_back();
  log[4'000].payload["id"] = "n-4000";
  EXPECT_EQ(
      to_text(Log(text_of(log)).verified(chain, options).value_or_throw().failed.front().kind),
      "incomplete");
}

TEST(Verify, ATornLastLineIsToldAndLeftOut) {
  const std::string whole = text_of(run("one", 0));
  const std::string last = whole.substr(whole.rfind('\n', whole.size() - 2) + 1);
  const std::string before = whole.substr(0, whole.size() - last.size());
  for (std::size_t bytes = 1; bytes + 1 < last.size(); ++bytes) {
    const auto verified = Log(before + last.substr(0, bytes)).verified(kChain).value_or_throw();
    ASSERT_TRUE(verified.torn.has_value()) << bytes;
    EXPECT_EQ(verified.torn->line, 4);
    EXPECT_EQ(verified.torn->bytes, bytes);
    EXPECT_EQ(verified.events, 3U);
    EXPECT_FALSE(verified.holds());
  }
  // a whole event that lacks nothing but its line end is one
  const auto verified = Log(before + last.substr(0, last.size() - 1)).verified(kChain);
  EXPECT_TRUE(verified.value().holds());
  EXPECT_FALSE(verified.value().torn.has_value());
}

TEST(Verify, AnyOtherLineThatIsNoEventIsAnErrorWithItsPlace) {
  std::string text = text_of(interleaved(40));
  const std::size_t at = text.find("\"payload\":{", text.size() / 2);
  text.replace(at, 11, "\"payload\":[");
  const int line =
      static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n')) + 1;
  for (const unsigned threads : {1U, 2U}) {
    VerifyOptions options;
    options.threads = threads;
    options.piece = 1'000;
    const Log log(text);
    const auto verified = log.verified(kChain, options);
    ASSERT_FALSE(verified.ok());
    EXPECT_EQ(verified.error().code, "json_syntax");
    EXPECT_EQ(verified.error().place.uri, log.path());
    EXPECT_EQ(verified.error().place.line, line);
    EXPECT_GT(verified.error().place.column, 0);
  }
  const auto no_event = Log("{\"event\":\"a\"}\n{}\n").verified(kChain);
  ASSERT_FALSE(no_event.ok());
  EXPECT_EQ(no_event.error().code, "event_field");
  EXPECT_EQ(no_event.error().place.line, 1);
}

TEST(Verify, NothingSatisfiesNothing) {
  EXPECT_FALSE(Log("").verified(kChain).value_or_throw().holds());
  EXPECT_FALSE(Log("\n \n").verified(kChain).value_or_throw().holds());
}

TEST(Verify, AnEventOfTheChainWithoutItsKeyFailsIt) {
  auto log = run("one", 0);
  log.insert(log.begin() + 2, event(kMs, "a.node", "", {{"id", "n-9"}}));
  log.insert(log.begin() + 2, event(kMs, "other", ""));
  const auto verified = Log(text_of(log)).verified(kChain).value_or_throw();
  EXPECT_EQ(verified.satisfied, 1U);
  EXPECT_EQ(verified.unkeyed, 1U);
  EXPECT_EQ(verified.unkeyed_line, 4);
  EXPECT_FALSE(verified.holds());
}

TEST(Verify, KeysOfEveryKindAreToldApart) {
  std::vector<events::Event> log;
  for (const Json& key : {Json("a\"b"), Json("é"), Json(1), Json("1"), Json(1.5), Json(true),
                          Json({{"x", 1}}), Json(nullptr)})
    log.push_back(event(kMs, "a", "one", {{"key", key}}));
  VerifyOptions options;
  options.piece = 64;
  const auto verified = Log(text_of(log)).verified("key /payload/key\na", options).value_or_throw();
  EXPECT_THAT(verified.listed,
              ElementsAre("\"a\\\"b\"", "\"é\"", "1", "\"1\"", "1.5", "true", "{\"x\":1}"));
  EXPECT_EQ(verified.unkeyed, 1U);
}

TEST(Verify, SpacesAndOrderOfFieldsDoNotMatter) {
  std::string text =
      "{ \"payload\" : { } , \"event\":\"a\",\"ts\":\"2026-01-02T03:04:05Z\",\"actor\":null,\r\n"
      "\"source\":\"x\",\"src_seq\":1,\"workspace_slug\":\"one\" }";
  text.erase(text.find("\r\n"), 2);
  const auto verified = Log(text + "\r\n" + text + "\r\n").verified("a x2").value_or_throw();
  EXPECT_TRUE(verified.holds());
}

}  // namespace
}  // namespace muster::audit
