#include "run/timeline_recorder.hpp"

#include <gtest/gtest.h>

namespace muster::run {
namespace {

using messages::Timeline;

constexpr std::int64_t kBegin = 5'000'000'000;

Observation seen(std::int64_t at_us, std::string lane, std::string kind, std::string subject,
                 Json data = Json::object()) {
  Observation made;
  made.t_mono_ns = kBegin + at_us * 1000;
  made.lane = std::move(lane);
  made.kind = std::move(kind);
  made.subject = std::move(subject);
  made.data = std::move(data);
  return made;
}

class Recorder : public ::testing::Test {
 protected:
  Timeline made() {
    const auto text = recorder_.text(kBegin + 1'000'000'000);
    EXPECT_TRUE(text);
    return messages::timeline_from_text(text.value_or("")).value_or_throw();
  }
  const Timeline::Item& item(const Timeline& timeline, std::string_view title) {
    for (const auto& each : timeline.items)
      if (each.title == title) return each;
    throw std::runtime_error("no item " + std::string(title) + " in " +
                             messages::to_text(timeline));
  }
  TimelineRecorder recorder_{0, kBegin, WallTime{100, 5}};
};

TEST_F(Recorder, StepsAloneAreNoTimeline) {
  recorder_.step_began("Given x", kBegin);
  recorder_.step_ended(messages::Status::passed, "", kBegin + 1000);
  EXPECT_FALSE(recorder_.text(kBegin + 2000));
}

TEST_F(Recorder, ProgramsHaveBeginReadyAndEnd) {
  recorder_.take(seen(10, "process", "spawned", "console", {{"pid", 7}}));
  recorder_.take(seen(20, "process", "spawned", "ralph", {{"pid", 8}}));
  recorder_.take(seen(30, "process", "ready", "console", {{"pid", 7}, {"by", "port"}}));
  recorder_.take(seen(40, "process", "log", "console", {{"pid", 7}, {"text", "hello\nyou"}}));
  recorder_.take(seen(50, "process", "log", "console",
                      {{"pid", 7}, {"text", "{\"ts\":1,\"event\":\"startup\"}\n"}}));
  recorder_.take(seen(90, "process", "exited", "console", {{"pid", 7}, {"exited", 3}}));
  const Timeline timeline = made();
  const auto& console = item(timeline, "console");
  EXPECT_EQ(console.at_us, 10);
  EXPECT_EQ(console.ready_us, 30);
  EXPECT_EQ(console.until_us, 90);
  EXPECT_EQ(console.state, "failed");
  EXPECT_EQ(console.detail.at("end"), "exited 3");
  EXPECT_EQ(item(timeline, "ralph").state, "open");
  EXPECT_EQ(item(timeline, "hello").lane, console.lane);
  EXPECT_EQ(item(timeline, "startup").kind, "log");
  EXPECT_EQ(timeline.begin_wall_ns, 100'000'000'005);
}

TEST_F(Recorder, AProgramStartedAgainIsAnotherRun) {
  for (const int pid : {7, 8}) {
    recorder_.take(seen(pid * 10, "process", "spawned", "web", {{"pid", pid}}));
    recorder_.take(seen(pid * 10 + 5, "process", "exited", "web", {{"pid", pid}, {"exited", 0}}));
  }
  const Timeline timeline = made();
  ASSERT_EQ(timeline.items.size(), 2u);
  EXPECT_EQ(timeline.items[0].until_us, 75);
  EXPECT_EQ(timeline.items[1].until_us, 85);
  EXPECT_EQ(timeline.items[1].state, "");
}

TEST_F(Recorder, CallsKnowTheirEnds) {
  recorder_.take(seen(60, "http", "exchange", "console → ralph",
                      {{"t_begin_ns", kBegin + 50'000},
                       {"t_end_ns", kBegin + 60'000},
                       {"method", "POST"},
                       {"target", "/runs"},
                       {"status", 401},
                       {"response", {{"body", "{\"error\":\"no\"}"}}}}));
  const Timeline timeline = made();
  const auto& call = item(timeline, "POST /runs  401");
  EXPECT_EQ(call.from, "console");
  EXPECT_EQ(call.to, "ralph");
  EXPECT_EQ(call.at_us, 50);
  EXPECT_EQ(call.until_us, 60);
  EXPECT_EQ(call.state, "failed");
  EXPECT_EQ(timeline.lanes.at(call.lane), (Timeline::Lane{"http", "console → ralph"}));
}

TEST_F(Recorder, EventsFramesWaitsAndFaultsHaveLanes) {
  recorder_.take(seen(1, "event", "recorded", "hearth", {{"event", "hearth.provisioned"}}));
  recorder_.take(seen(2, "sse", "frame", "console → ralph", {{"id", "4"}}));
  recorder_.take(seen(3, "sse", "rejected", "console → ralph", {{"pointer", "/node_id"}}));
  recorder_.take(
      seen(9, "wait", "met", "it is up", {{"begin_ns", kBegin + 4'000}, {"message", "it is up"}}));
  recorder_.take(seen(5, "fault", "injected", "console → ralph", {{"fault", "refuse"}}));
  const Timeline timeline = made();
  EXPECT_EQ(timeline.lanes.at(item(timeline, "hearth.provisioned").lane).kind, "event");
  EXPECT_EQ(item(timeline, "frame 4").state, "");
  EXPECT_EQ(item(timeline, "rejected").state, "failed");
  EXPECT_EQ(item(timeline, "met: it is up").at_us, 4);
  EXPECT_EQ(item(timeline, "met: it is up").until_us, 9);
  EXPECT_EQ(timeline.lanes.at(item(timeline, "refuse console → ralph").lane).kind, "fault");
}

TEST_F(Recorder, TheExplanationMarksTheGap) {
  recorder_.take(seen(1, "chain", "armed", "s"));
  recorder_.take(seen(
      99, "chain", "explained", "s",
      {{"letter", "C"},
       {"headline", "rejected"},
       {"begin_ns", kBegin + 10'000},
       {"end_ns", kBegin + 80'000},
       {"why", {{{"t_ns", kBegin + 20'000}, {"text", "401"}}, {{"t_ns", 0}, {"text", "keys"}}}}}));
  const Timeline timeline = made();
  ASSERT_TRUE(timeline.gap);
  EXPECT_EQ(timeline.gap->letter, "C");
  EXPECT_EQ(timeline.gap->from_us, 10);
  EXPECT_EQ(timeline.gap->until_us, 80);
  EXPECT_EQ(timeline.gap->why.at(0).at_us, 20);
  EXPECT_FALSE(timeline.gap->why.at(1).at_us);
  EXPECT_TRUE(timeline.items.empty());
}

TEST_F(Recorder, SecretsAreNotKept) {
  recorder_.take(seen(1, "process", "log", "web", {{"text", "password=hunter2hunter2"}}));
  recorder_.take(seen(2, "wait", "status", "w", {{"token", "abcdefghijkl"}}));
  EXPECT_EQ(messages::to_text(made()).find("hunter2"), std::string::npos);
  EXPECT_EQ(messages::to_text(made()).find("abcdefghijkl"), std::string::npos);
}

TEST_F(Recorder, WhoTalksWithoutEndIsCounted) {
  for (int i = 0; i < 5'000; ++i) recorder_.take(seen(i, "process", "log", "web", {{"text", "x"}}));
  recorder_.take(seen(6'000, "http", "exchange", "a → b", {{"t_begin_ns", kBegin}}));
  for (int i = 0; i < 5'000; ++i) recorder_.take(seen(i, "sse", "frame", "a → b"));
  const Timeline timeline = made();
  EXPECT_EQ(timeline.items.size(), 3'000u);
  EXPECT_EQ(timeline.left_out, 10'001 - 3'000);
  EXPECT_EQ(timeline.lanes.size(), 4u);  // the call came through
}

}  // namespace
}  // namespace muster::run
