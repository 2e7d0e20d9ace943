// Every gap of the table, as its evidence looks when the play breaks there, with the whole text as
// a golden file.
#include "chain/gap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/play_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::chain {
namespace {

using namespace play;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<Json> kTest = {"test"};

std::vector<events::Event> with(std::vector<events::Event> log, std::size_t at, events::Event one) {
  log.insert(log.begin() + static_cast<long>(at), std::move(one));
  return log;
}

Observation key(const char* program, const char* kid, const char* fingerprint) {
  return seen(5, "process", "key", program, {{"kid", kid}, {"fingerprint", fingerprint}});
}

Observation rejected_submit(Json more = Json::object()) {
  return exchange(1'861, "console → ralph", "POST", "/runs", 401, std::move(more));
}

TEST(Gap, ASaysWhichProgramAndWhereItWasSearched) {
  const Watch watch = watched(kLifecycle, {}, 100, kTest);
  const Failure failure = explained(watch, {seen(3, "process", "spawn_failed", "hearth",
                                                 {{"code", "program_not_found"},
                                                  {"message", "no such program"},
                                                  {"errno", 2},
                                                  {"searched", {"/usr/local/bin", "/usr/bin"}}})});
  EXPECT_EQ(failure.gap.letter, 'A');
  EXPECT_TRUE(failure.gap.fixture_error);
  EXPECT_THAT(failure.headline, HasSubstr("gap A: the program hearth was not found, searched "
                                          "/usr/local/bin, /usr/bin"));
  testing::expect_golden("chain/gap_a.txt", failure.text);
}

TEST(Gap, ASaysHowAProgramEndedBeforeItWasReady) {
  const Watch watch = watched(kLifecycle, {}, 100, kTest);
  const Observation ended = seen(40, "process", "exited", "console",
                                 {{"exited", 1}, {"stderr", {"console: no key file"}}});
  const Failure failure = explained(watch, {ended});
  EXPECT_EQ(failure.gap.letter, 'A');
  EXPECT_THAT(failure.headline,
              HasSubstr("the program console ended before it was ready (exit code 1)"));
  EXPECT_THAT(failure.text, HasSubstr("console: no key file"));
  const Failure later = explained(watch, {seen(20, "process", "ready", "console"), ended});
  EXPECT_EQ(later.gap.letter, 0) << "a program that was ready was on the path";
}

TEST(Gap, BNamesTheEngine) {
  const Watch watch =
      watched(kLifecycle,
              {event(12, "hearth.provisioning_started"),
               event(90, "hearth.failed",
                     {{"verb", "provision"},
                      {"code", "driver_failure"},
                      {"message", "connect /var/run/docker.sock: no such file or directory"},
                      {"retryable", true}})},
              6'000, kTest);
  const Evidence evidence = {
      exchange(80, "console → hearth", "POST", "/v1/provision", 500),
      seen(95, "wait", "engine", "engine",
           {{"reachable", false}, {"message", "nothing listens at /var/run/docker.sock"}})};
  const Failure failure = explained(watch, evidence);
  EXPECT_EQ(failure.gap.letter, 'B');
  EXPECT_FALSE(failure.gap.fixture_error);
  testing::expect_golden("chain/gap_b.txt", failure.text);
  testing::expect_golden("chain/gap_b.json", failure.attachment.dump(2) + "\n");
}

TEST(Gap, BIsNotNamedWhenTheEngineAnswers) {
  const Watch watch = watched(
      kLifecycle,
      {event(12, "hearth.provisioning_started"),
       event(
           90, "hearth.failed",
           {{"verb", "provision"}, {"code", "entitlement_denied"}, {"message", "no seats left"}})},
      6'000, kTest);
  const Failure failure =
      explained(watch, {seen(95, "wait", "engine", "engine", {{"reachable", true}})});
  EXPECT_EQ(failure.gap.letter, 0);
  EXPECT_THAT(failure.headline,
              HasSubstr("provisioning failed: entitlement_denied: no seats left"));
}

TEST(Gap, CIsTheExampleOfTheContract) {
  const Watch watch = watched(kLifecycle, log_without_run(), 8'000, kTest);
  const Evidence evidence = {
      key("console", "k1", "9f3c11aa"), key("ralph", "k1", "41d0b2c3"),
      rejected_submit({{"signed_by", {{"kid", "k1"}, {"t", "1767323045"}, {"nonce", "n1"}}}})};
  const Failure failure = explained(watch, evidence);
  EXPECT_EQ(failure.gap.letter, 'C');
  testing::expect_golden("chain/gap_c.txt", failure.text);
  testing::expect_golden("chain/gap_c.json", failure.attachment.dump(2) + "\n");
}

TEST(Gap, CTellsSkewUnknownKeyReplayAndUnreachableApart) {
  const Watch watch = watched(kLifecycle, log_without_run(), 8'000, kTest);
  const auto headline = [&](const Evidence& evidence) {
    const Failure failure = explained(watch, evidence);
    EXPECT_EQ(failure.gap.letter, 'C') << failure.text;
    return failure.gap.headline;
  };
  const Json signer = {{"signed_by", {{"kid", "k1"}, {"t", "784111822"}, {"nonce", "n1"}}}};
  Json skewed = signer;
  const Json date = Json::array({"Date", "Sun, 06 Nov 1994 08:49:37 GMT"});
  skewed["response"] = {{"headers", Json::array({date})}, {"body", ""}};
  EXPECT_EQ(headline({rejected_submit(skewed)}),
            "the worker rejected the console's bearer: the console's clock is 45 s ahead of the "
            "worker's (401)");
  EXPECT_EQ(headline({key("console", "k1", "9f3c11aa"), key("ralph", "k2", "41d0b2c3"),
                      rejected_submit(signer)}),
            "the worker rejected the console's bearer: it does not know the key k1 (401)");
  EXPECT_EQ(headline({exchange(1'850, "console → ralph", "POST", "/runs", 202, signer),
                      rejected_submit(signer)}),
            "the worker rejected the console's bearer: its nonce was used before, a replay (401)");
  EXPECT_EQ(headline({exchange(1'861, "console → ralph", "POST", "/runs", 502,
                               {{"error", "Connection refused"}})}),
            "the worker could not be reached at submit: Connection refused");
}

TEST(Gap, CNeedsTheRunToBeMissing) {
  const Watch watch = watched(kLifecycle, golden_log(), 8'000, kTest);
  ASSERT_EQ(watch.verdict(), Verdict::satisfied);
  const Failure failure = explained(watch, {rejected_submit()});
  EXPECT_EQ(failure.gap.letter, 0);
}

TEST(Gap, DCountsNodesAndRejectedFrames) {
  auto log = golden_log();
  log.erase(log.begin() + 4, log.begin() + 6);
  const auto rejected = [](std::int64_t at, int offset) {
    return seen(at, "sse", "rejected", "console → ralph",
                {{"pointer", "/to"},
                 {"expected", "one of pending, ready, running, done, failed, blocked"},
                 {"found", "string \"finished\""},
                 {"offset", offset},
                 {"raw", R"({"event":"node_transition","node_id":"prompt-2","to":"finished"})"}});
  };
  const Watch watch = watched(kLifecycle, log, 8'000, kTest);
  const Failure failure = explained(watch, {rejected(2'100, 812), rejected(2'200, 1'204)});
  EXPECT_EQ(failure.gap.letter, 'D');
  EXPECT_EQ(failure.gap.headline, "KAHN schema drift: 2 of 4 nodes, 2 frames rejected");
  testing::expect_golden("chain/gap_d.txt", failure.text);
}

TEST(Gap, DIsToldApartFromCutStalledAndNeverSent) {
  auto log = golden_log();
  log.erase(log.begin() + 5, log.end());
  const Watch watch = watched(kLifecycle, log, 9'000, kTest);
  const auto headline = [&](const Evidence& evidence) {
    const Failure failure = explained(watch, evidence);
    EXPECT_EQ(failure.gap.letter, 0) << failure.text;
    return failure.gap.headline;
  };
  const auto stream = [](Json more) {
    return exchange(2'300, "console → ralph", "GET", "/runs/r1/stream", 200, std::move(more));
  };
  EXPECT_EQ(headline({stream({{"error", "connection reset by peer"}})}),
            "the stream of frames was cut: 2 of 4 nodes");
  EXPECT_EQ(headline({seen(5'000, "sse", "stalled", "console → ralph", {{"idle_s", 6}})}),
            "the worker's heartbeat stalled: 2 of 4 nodes");
  EXPECT_EQ(headline({stream(Json::object())}), "the frames were never sent: 2 of 4 nodes");
}

TEST(Gap, EShowsTheStatusHistoryAndWhatIsLeft) {
  auto log = golden_log();
  log.pop_back();
  const Watch watch = watched(kLifecycle, log, 40'000, kTest);
  Evidence evidence = {
      exchange(2'510, "test → console", "DELETE", "/api/hearth/workspaces/test", 0,
               {{"t_end_ns", 0}}),
      seen(33'000, "process", "left", "standin", {{"what", "pid of workspace test"}})};
  for (int poll = 0; poll < 58; ++poll)
    evidence.push_back(
        seen(3'000 + 500 * poll, "wait", "status", "test", {{"status", "tearing_down"}}));
  const Failure failure = explained(watch, evidence);
  EXPECT_EQ(failure.gap.letter, 'E');
  EXPECT_THAT(failure.text, HasSubstr("tearing_down ×58"));
  testing::expect_golden("chain/gap_e.txt", failure.text);
}

TEST(Gap, FCountsTheCallsThatWereNotMade) {
  const Watch watch = watched(kLifecycle, {}, 6'000, kTest);
  const Failure failure = explained(
      watch, {seen(20, "event", "refused", "console",
                   {{"code", "injected"}, {"reason", "the sink was told to refuse this write"}}),
              exchange(22, "test → console", "POST", "/api/hearth/workspaces", 503)});
  EXPECT_EQ(failure.gap.letter, 'F');
  EXPECT_EQ(failure.gap.headline,
            "the sink refused the write: console answered 503, Provision calls: 0");
  testing::expect_golden("chain/gap_f.txt", failure.text);
}

TEST(Gap, GSaysRoleAndRoute) {
  const Watch watch = watched(kLifecycle,
                              {event(15, "auth.denied",
                                     {{"route", "POST /api/hearth/workspaces"},
                                      {"role", "observer"},
                                      {"reason", "admin is needed"}})},
                              6'000, kTest);
  const Failure failure =
      explained(watch, {exchange(16, "test → console", "POST", "/api/hearth/workspaces", 403)});
  EXPECT_EQ(failure.gap.letter, 'G');
  EXPECT_EQ(failure.gap.headline,
            "the session was denied (403): role observer may not POST /api/hearth/workspaces");
  testing::expect_golden("chain/gap_g.txt", failure.text);
}

TEST(Gap, NoRuleNamesWhatHasNoEvidence) {
  const Failure failure = explained(watched(kLifecycle, log_without_run(), 8'000, kTest));
  EXPECT_EQ(failure.gap.letter, 0);
  EXPECT_EQ(failure.headline, "HATCH chain for workspace \"test\": ralph.run.started never came");
  EXPECT_EQ(failure.attachment["gap"]["letter"], nullptr);
}

TEST(Gap, SecretsAreRedactedEverywhere) {
  const Watch watch = watched(kLifecycle, log_without_run(), 8'000, kTest);
  const Failure failure =
      explained(watch, {exchange(1'861, "console → ralph", "POST", "/runs?token=sesame-1234", 401,
                                 {{"error", "Authorization: Bearer sesame-1234"}})});
  EXPECT_THAT(failure.text + failure.attachment.dump(), Not(HasSubstr("sesame-1234")));
}

TEST(Gap, UnexpectedWrongAndMovedEventsHaveTheirOwnRows) {
  auto unexpected = with(golden_log(), 8, event(2'450, "hearth.failed", {{"verb", "status"}}));
  testing::expect_golden("chain/unexpected.txt",
                         explained(watched(kLifecycle, unexpected, 8'000, kTest)).text);
  auto wrong = golden_log();
  wrong[1].payload["last_status"] = "failed";
  wrong[5].payload["node_id"] = "prompt-1";
  wrong[9].recv_mono_ns += 31 * kSecond;
  testing::expect_golden("chain/wrong.txt",
                         explained(watched(kLifecycle, wrong, 40'000, kTest)).text);
  auto moved = golden_log();
  std::swap(moved[2].event, moved[1].event);
  std::swap(moved[2].payload, moved[1].payload);
  const Failure failure = explained(watched(kLifecycle, moved, 8'000, kTest));
  testing::expect_golden("chain/moved.txt", failure.text);
  testing::expect_golden("chain/moved.json", failure.attachment.dump(2) + "\n");
  testing::expect_golden("chain/nothing.txt",
                         explained(watched(kLifecycle, {}, 6'000, kTest)).text);
}

}  // namespace
}  // namespace muster::chain
