#include "events/kahn.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/kahn_stream.hpp"

namespace muster::events::kahn {
namespace {

constexpr WallTime kNow{1'767'323'045, 678'000'000};

Frame make(std::variant<RunStart, NodeTransition, NodeAttempt, RunEnd> body) {
  return frame(kNow, "run-1", std::move(body));
}

Frame moved(const std::string& node, NodeStatus from, NodeStatus to,
            std::optional<std::int64_t> attempt = std::nullopt) {
  return make(NodeTransition{node, from, to, attempt, std::nullopt});
}

Frame attempted(const std::string& node, std::int64_t attempt, bool converged) {
  NodeAttempt body{node, attempt, 0.25, converged, std::nullopt, {}};
  if (attempt > 1) body.backoff_s = 0.5;
  DoneWhenResult result{"true", converged ? 0 : 3, 0.1, std::nullopt, std::nullopt, Json::object()};
  if (!converged) result.tail = "no such file";
  body.done_when_results.push_back(result);
  return make(std::move(body));
}

std::vector<Frame> flaky_run() {
  using S = NodeStatus;
  return {make(RunStart{2}),
          moved("prompt-1", S::pending, S::ready),
          moved("prompt-1", S::ready, S::running, 1),
          attempted("prompt-1", 1, false),
          moved("prompt-1", S::running, S::ready),
          moved("prompt-1", S::ready, S::running, 2),
          attempted("prompt-1", 2, true),
          moved("prompt-1", S::running, S::done),
          moved("prompt-2", S::pending, S::blocked),
          make(RunEnd{Outcome::partial, 1, 0, 1, 1.5, 2, 1, 0})};
}

TEST(Kahn, WhatIsWrittenIsRead) {
  for (const Frame& one : flaky_run()) {
    const std::string line = to_line(one);
    const auto read = read_frame(line);
    ASSERT_TRUE(std::holds_alternative<Frame>(read))
        << line << std::get<Rejection>(read).to_error().message;
    EXPECT_EQ(to_line(std::get<Frame>(read)), line);
  }
  EXPECT_EQ(
      to_line(moved("n", NodeStatus::ready, NodeStatus::running, 1)),
      R"({"attempt":1,"event":"node_transition","from":"ready","node_id":"n","run_id":"run-1","to":"running","ts":"2026-01-02T03:04:05.678Z"})");
}

TEST(Kahn, UnknownFieldsPassThrough) {
  Json json = to_json(attempted("n", 1, true));
  json["convergence_score"] = 0.75;
  json["done_when_results"][0]["host"] = "a";
  const auto read = read_frame(json.dump());
  ASSERT_TRUE(std::holds_alternative<Frame>(read));
  EXPECT_EQ(to_json(std::get<Frame>(read)), json);
}

struct Bad {
  int frame;  // of flaky_run
  const char* patch;
  const char* message;
};

TEST(Kahn, SaysPointerExpectedAndFound) {
  const Bad all[] = {
      {0, R"({"ts":"2026-01-02T03:04:05Z"})",
       R"(/ts: expected a string matching ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$, found string "2026-01-02T03:04:05Z")"},
      {0, R"({"ts":"2026-02-30T03:04:05.678Z"})",
       R"(/ts: expected a day of the calendar, found string "2026-02-30T03:04:05.678Z")"},
      {0, R"({"run_id":"-x"})",
       R"(/run_id: expected a string matching ^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$, found string "-x")"},
      {0, R"({"event":"run_stop"})",
       R"(/event: expected one of run_start, node_transition, node_attempt, run_end, found string "run_stop")"},
      {0, R"({"total_nodes":"2"})",
       R"(/total_nodes: expected an integer from 0, found string "2")"},
      {0, R"({"total_nodes":null})", "/total_nodes: expected an integer from 0, found nothing"},
      {1, R"({"node_id":"Prompt"})",
       R"(/node_id: expected a string matching ^[a-z0-9][a-z0-9-]{0,63}$, found string "Prompt")"},
      {1, R"({"to":"finished"})",
       R"(/to: expected one of pending, ready, running, done, failed, blocked, found string "finished")"},
      {1, R"({"attempt":1})", "/attempt: expected nothing, found number 1"},
      {2, R"({"attempt":null})", "/attempt: expected an integer from 1, found nothing"},
      {2, R"({"attempt":0})", "/attempt: expected an integer from 1, found number 0"},
      {2, R"({"reason":":x"})", R"(/reason: expected a string matching ^[^:], found string ":x")"},
      {3, R"({"backoff_s":0.5})", "/backoff_s: expected nothing, found number 0.5"},
      {3, R"({"duration_s":-1})", "/duration_s: expected a number from 0, found number -1"},
      {3, R"({"converged":1})", "/converged: expected true or false, found number 1"},
      {3, R"({"done_when_results":{}})", "/done_when_results: expected an array, found an object"},
      {9, R"({"outcome":"good"})",
       R"(/outcome: expected one of clean, clean_with_flake, partial, stuck, catastrophic, found string "good")"},
      {9, R"({"failed":1.5})", "/failed: expected an integer from 0, found number 1.5"}};
  for (const Bad& bad : all) {
    Json json = to_json(flaky_run()[static_cast<std::size_t>(bad.frame)]);
    json.merge_patch(Json::parse(bad.patch));
    const auto read = read_frame(json.dump());
    ASSERT_TRUE(std::holds_alternative<Rejection>(read)) << bad.patch;
    EXPECT_EQ(std::get<Rejection>(read).to_error().message, bad.message);
    EXPECT_EQ(std::get<Rejection>(read).raw, json.dump().substr(0, 400));
  }
}

TEST(Kahn, ChecksEveryDoneWhenResult) {
  Json json = to_json(attempted("n", 1, false));
  const auto rejected = [&](const char* name, Json value) {
    Json broken = json;
    if (value.is_null()) {
      broken["done_when_results"][0].erase(name);
    } else {
      broken["done_when_results"][0][name] = std::move(value);
    }
    const auto read = read_frame(broken.dump());
    return std::holds_alternative<Rejection>(read) ? std::get<Rejection>(read).pointer : "none";
  };
  EXPECT_EQ(rejected("rc", 3), "none");
  EXPECT_EQ(rejected("tail", nullptr), "/done_when_results/0/tail");
  EXPECT_EQ(rejected("tail", std::string(4097, 'x')), "/done_when_results/0/tail");
  EXPECT_EQ(rejected("tail", std::string(4096, 'x')), "none");
  EXPECT_EQ(rejected("rc", 0), "/done_when_results/0/tail");
  EXPECT_EQ(rejected("cmd", 5), "/done_when_results/0/cmd");
  EXPECT_EQ(rejected("truncated", "no"), "/done_when_results/0/truncated");
}

TEST(Kahn, SaysWhatNoSchemaCan) {
  const auto rejected = [](Json json, const char* patch) {
    json.merge_patch(Json::parse(patch));
    const auto read = read_frame(json.dump());
    return std::holds_alternative<Rejection>(read) ? std::get<Rejection>(read).to_error().message
                                                   : std::string("none");
  };
  EXPECT_EQ(rejected(to_json(flaky_run()[0]), R"({"total_nodes":1e300})"),
            "/total_nodes: expected an integer of at most 53 bits, found number 1e+300");
  EXPECT_EQ(rejected(to_json(flaky_run()[9]), R"({"exit_code":-18446744073709551615})"),
            "/exit_code: expected an integer of at most 53 bits, found number "
            "-1.8446744073709552e+19");
  std::string tail;
  for (int i = 0; i < 2'049; ++i) tail += "é";
  Json json = to_json(flaky_run()[3]);
  json["done_when_results"][0]["tail"] = tail;
  EXPECT_EQ(rejected(json, "{}").substr(0, 73),
            "/done_when_results/0/tail: expected a string of at most 4096 bytes, found");
}

TEST(Kahn, BrokenJsonIsRejectedAsSuch) {
  const std::string line = to_line(flaky_run()[3]);
  for (std::size_t length = 0; length < line.size(); ++length) {
    const auto read = read_frame(line.substr(0, length));
    ASSERT_TRUE(std::holds_alternative<Rejection>(read)) << length;
    EXPECT_EQ(std::get<Rejection>(read).expected, "JSON") << length;
  }
  EXPECT_EQ(std::get<Rejection>(read_frame("[1]")).found, "an array");
}

/// The first refusal.
std::string take_all(StreamRules& rules, const std::vector<Frame>& frames) {
  for (const Frame& one : frames) {
    if (const auto refused = rules.take(one)) return refused->to_error().message;
  }
  return "none";
}

TEST(KahnStream, TakesAFlakyRun) {
  StreamRules rules;
  EXPECT_EQ(take_all(rules, flaky_run()), "none");
  EXPECT_TRUE(rules.finish().ok());
}

TEST(KahnStream, NamesTheRuleThatIsBroken) {
  using S = NodeStatus;
  const auto first_error = [](std::vector<Frame> frames) {
    StreamRules rules;
    return take_all(rules, frames);
  };
  auto frames = flaky_run();
  EXPECT_EQ(first_error({frames[1]}),
            "/event: expected run_start as the first frame, found node_transition");
  EXPECT_EQ(first_error({frames[0], frames[0]}),
            "/event: expected run_start once, found it a second time");
  EXPECT_EQ(first_error({frames[0], moved("a", S::pending, S::running, 1)}),
            "/to: expected a status to which pending leads, found running");
  EXPECT_EQ(first_error({frames[0], moved("a", S::ready, S::running, 1)}),
            "/from: expected pending, the status of a, found ready");
  EXPECT_EQ(first_error({frames[0], frames[1], moved("prompt-1", S::ready, S::running, 2)}),
            "/attempt: expected 1, found 2");
  EXPECT_EQ(first_error({frames[0], frames[1], frames[2], frames[7]}),
            "/event: expected node_attempt of prompt-1, attempt 1, found node_transition to done");
  EXPECT_EQ(first_error({frames[0], frames[1], frames[2], frames[3], frames[3]}),
            "/attempt: expected one node_attempt of each attempt, found attempt 1 again");
  EXPECT_EQ(first_error({frames[0], frames[3]}),
            "/node_id: expected a node that is running, found prompt-1, which is not");
  EXPECT_EQ(
      first_error({make(RunStart{1}), frames[1], frames[8]}),
      "/node_id: expected one of the 1 nodes that run_start announced, found one more, prompt-2");
  EXPECT_EQ(first_error({frames[0], make(RunEnd{Outcome::clean, 2, 0, 0, 1, {}, {}, {}})}),
            "/done: expected 0, as many as the stream has, found 2");
  frames.push_back(frames[1]);
  EXPECT_EQ(first_error(frames), "/event: expected nothing after run_end, found node_transition");
  Frame stranger = flaky_run()[1];
  stranger.run_id = "run-2";
  EXPECT_EQ(first_error({flaky_run()[0], stranger}), "/run_id: expected run-1, found run-2");
}

TEST(KahnStream, EndsWithRunEndUnlessTheWorkerDied) {
  StreamRules rules;
  EXPECT_EQ(rules.finish().error().message, "the stream has no frame");
  ASSERT_FALSE(rules.take(flaky_run()[0]));
  EXPECT_EQ(rules.finish().error().message, "the stream ended without run_end");
  EXPECT_TRUE(rules.finish(true).ok());
}

TEST(KahnStream, EveryTransitionIsEitherLegalOrNot) {
  using S = NodeStatus;
  const std::vector<std::pair<S, S>> legal = {{S::pending, S::ready},  {S::running, S::ready},
                                              {S::ready, S::running},  {S::running, S::done},
                                              {S::running, S::failed}, {S::pending, S::blocked},
                                              {S::ready, S::blocked},  {S::running, S::blocked}};
  const S all[] = {S::pending, S::ready, S::running, S::done, S::failed, S::blocked};
  for (const S from : all) {
    for (const S to : all)
      EXPECT_EQ(legal_transition(from, to),
                std::find(legal.begin(), legal.end(), std::pair(from, to)) != legal.end())
          << to_text(from) << " → " << to_text(to);
  }
}

}  // namespace
}  // namespace muster::events::kahn
