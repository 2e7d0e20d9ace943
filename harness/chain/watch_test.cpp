#include "chain/watch.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "chain/play_for_tests.hpp"

namespace muster::chain {
namespace {

using namespace play;

/// Feeds a chain with names at times and tells the verdict as it goes.
class Drive {
 public:
  explicit Drive(const std::string& chain, std::optional<std::vector<Json>> key = std::nullopt)
      : watch_(Chain::parse(chain).value_or_throw(), {kArmed, std::move(key), true}) {}

  Drive& at(std::int64_t ms, const std::string& name, Json payload = Json::object(),
            const std::string& slug = "test") {
    return at(event(ms, name, std::move(payload), slug));
  }
  Drive& at(events::Event one) {
    one.seq = ++seq_;
    watch_.take(std::make_shared<const events::Event>(std::move(one)));
    return *this;
  }
  Drive& time(std::int64_t ms) {
    watch_.advance(kArmed + ms * kMillisecond);
    return *this;
  }
  Verdict settled(std::int64_t ms) {
    watch_.settle(kArmed + ms * kMillisecond);
    return watch_.verdict();
  }
  Verdict verdict() const { return watch_.verdict(); }
  Violation::Kind why() const { return watch_.violation().value().kind; }
  /// Milliseconds after arming, or -1.
  std::int64_t deadline() const {
    const auto until = watch_.next_deadline();
    return until ? (*until - kArmed) / kMillisecond : -1;
  }
  Watch& watch() { return watch_; }

 private:
  Watch watch_;
  std::uint64_t seq_ = 0;
};

TEST(Watch, IsPendingUntilTheScopeHasEnded) {
  Drive drive("a → b");
  EXPECT_EQ(drive.verdict(), Verdict::pending);
  drive.at(1, "a").at(2, "b");
  EXPECT_EQ(drive.verdict(), Verdict::pending);
  EXPECT_TRUE(drive.watch().accepting());
  EXPECT_EQ(drive.settled(200), Verdict::satisfied);
}

TEST(Watch, AnEventAfterTheLastViolatesUntilSettled) {
  Drive drive("a → b");
  drive.at(1, "a").at(2, "b").at(3, "b");
  EXPECT_EQ(drive.verdict(), Verdict::violated);
  EXPECT_EQ(drive.why(), Violation::Kind::unexpected);
}

TEST(Watch, AnEmptyLogSatisfiesNothing) {
  for (const char* chain : {"a?", "a x0..3", "lenient\nnever a", "key /workspace_slug\na?"}) {
    Drive drive(chain);
    EXPECT_EQ(drive.settled(100), Verdict::violated) << chain;
    EXPECT_EQ(drive.why(), Violation::Kind::empty) << chain;
  }
}

TEST(Watch, ABoundPassesWithoutAnEvent) {
  Drive drive("a → b within 300ms");
  EXPECT_EQ(drive.deadline(), 5'000);
  drive.at(1'000, "a");
  EXPECT_EQ(drive.deadline(), 1'300);
  drive.time(1'300);
  EXPECT_EQ(drive.verdict(), Verdict::pending);
  drive.watch().advance(kArmed + 1'300 * kMillisecond + 1);
  EXPECT_EQ(drive.verdict(), Verdict::violated);
  EXPECT_EQ(drive.why(), Violation::Kind::late);
  EXPECT_EQ(drive.watch().violation()->t_ns, kArmed + 1'300 * kMillisecond);
  EXPECT_EQ(drive.deadline(), -1);
}

/// `a within 3s` in so many groups, each with two steps more.
std::string nested(int groups) {
  std::string chain = "a within 3s";
  for (int group = 0; group < groups; ++group)
    chain = fmt::format("any order {{\ns{0}\nt{0}\n{1}\n}}", group, chain);
  return chain;
}

TEST(Watch, GroupsInGroupsCostNoMoreThanTheirSteps) {
  const auto begin = std::chrono::steady_clock::now();
  Drive deep(nested(10));  // with the work of each level squared: days
  EXPECT_EQ(deep.deadline(), Drive(nested(1)).deadline());
  EXPECT_EQ(deep.deadline(), 3'000);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Watch, AnEventAtItsBoundIsInTimeAndOneAfterIsLate) {
  EXPECT_EQ(Drive("a → b within 300ms").at(1, "a").at(301, "b").settled(400), Verdict::satisfied);
  Drive late("a → b within 300ms");
  late.at(1, "a").at(302, "b");
  EXPECT_EQ(late.why(), Violation::Kind::late);
}

TEST(Watch, TheBoundOfACountedItemIsThatOfItsLast) {
  EXPECT_EQ(Drive("a → b x3 within 1s")
                .at(1, "a")
                .at(500, "b")
                .at(600, "b")
                .at(1'001, "b")
                .settled(2'000),
            Verdict::satisfied);
  EXPECT_EQ(
      Drive("a → b x3 within 1s").at(1, "a").at(500, "b").at(600, "b").at(1'002, "b").verdict(),
      Verdict::violated);
}

TEST(Watch, WithinOfALabelCountsFromThatEvent) {
  const char* chain = "a as start → b → c within 2s of start";
  EXPECT_EQ(Drive(chain).at(100, "a").at(1'900, "b").at(2'100, "c").settled(3'000),
            Verdict::satisfied);
  Drive drive(chain);
  drive.at(100, "a").at(1'900, "b");
  EXPECT_EQ(drive.deadline(), 2'100);
  EXPECT_EQ(drive.at(2'101, "c").verdict(), Verdict::violated);
}

TEST(Watch, AnOptionalStepDoesNotHoldTheNextOneUp) {
  EXPECT_EQ(Drive("a → b? → c").at(1, "a").at(2, "c").settled(100), Verdict::satisfied);
  // c counts from a while b did not come, and from b once it has
  EXPECT_EQ(Drive("a → b? → c").at(1, "a").at(4'000, "b").at(8'000, "c").settled(9'000),
            Verdict::satisfied);
  Drive drive("a → b? → c");
  drive.at(1, "a").time(5'002);
  EXPECT_EQ(drive.verdict(), Verdict::violated);
}

TEST(Watch, BranchesOfAnyOrderHaveTheirOwnClocks) {
  const char* chain = "s → any order { between a and b { c within 1s } → d within 9s } → e";
  EXPECT_EQ(Drive(chain)
                .at(0, "s")
                .at(100, "a")
                .at(1'000, "c")
                .at(3'000, "b")
                .at(8'900, "d")
                .at(9'000, "e")
                .settled(9'500),
            Verdict::satisfied);
  // d does not give c more time
  EXPECT_EQ(Drive(chain).at(0, "s").at(100, "a").at(900, "d").at(1'200, "c").verdict(),
            Verdict::violated);
  // and a branch that is late ends it all, though the other one may still come
  Drive drive(chain);
  drive.at(0, "s").at(100, "a");
  EXPECT_EQ(drive.deadline(), 1'100);
}

TEST(Watch, AnyOrderOfOverlappingNamesIsAMatchingAndNotGreed) {
  const char* chain = "any order { * → a → {a,b} }";
  EXPECT_EQ(Drive(chain).at(1, "a").at(2, "b").at(3, "c").settled(10), Verdict::satisfied);
  EXPECT_EQ(Drive(chain).at(1, "a").at(2, "a").at(3, "a").settled(10), Verdict::satisfied);
  EXPECT_EQ(Drive(chain).at(1, "b").at(2, "b").at(3, "c").verdict(), Verdict::violated);
  std::string many = "any order {";
  for (int at = 0; at < 40; ++at) many += " * → {a,b} →";
  many += " c }";
  Drive drive(many);
  for (int at = 0; at < 40; ++at) drive.at(at, "b").at(at, "x");
  EXPECT_EQ(drive.verdict(), Verdict::pending);
  EXPECT_EQ(drive.at(50, "c").settled(60), Verdict::satisfied);
}

TEST(Watch, BigCountsAreCounted) {
  Drive drive("a x100000 within 60s → b");
  for (int at = 0; at < 100'000; ++at) drive.at(at / 100, "a");
  EXPECT_EQ(drive.verdict(), Verdict::pending);
  EXPECT_EQ(drive.at(1'001, "b").settled(1'100), Verdict::satisfied);
}

TEST(Watch, InterleavedKeysDoNotDisturbEachOther) {
  Drive drive("key /workspace_slug\na → b");
  drive.at(1, "a", {}, "one").at(2, "a", {}, "two").at(3, "b", {}, "two").at(4, "b", {}, "one");
  EXPECT_EQ(drive.settled(10), Verdict::satisfied);
  EXPECT_EQ(drive.watch().instances().size(), 2U);
  Drive broken("key /workspace_slug\na → b");
  broken.at(1, "a", {}, "one").at(2, "a", {}, "two").at(3, "b", {}, "two");
  EXPECT_EQ(broken.settled(10), Verdict::violated);
  EXPECT_EQ(broken.watch().failing()->key.front(), "one");
}

TEST(Watch, AGivenKeyLooksAtNoOther) {
  Drive drive("key /workspace_slug\na → b", std::vector<Json>{"one"});
  drive.at(1, "b", {}, "two").at(2, "a", {}, "one").at(3, "b", {}, "one");
  EXPECT_EQ(drive.settled(10), Verdict::satisfied);
}

TEST(Watch, AnEventWithoutTheKeyFailsOnlyAChainThatNamesIt) {
  Drive drive("key /workspace_slug\na → b");
  drive.at(1, "z", {}, "").at(2, "a").at(3, "b");
  EXPECT_EQ(drive.settled(10), Verdict::satisfied);
  Drive named("key /workspace_slug\na → b");
  named.at(1, "a", {}, "");
  EXPECT_EQ(named.verdict(), Verdict::violated);
  EXPECT_EQ(named.why(), Violation::Kind::unkeyed);
}

TEST(Watch, WithoutAnyKeyTheFirstBoundStillPasses) {
  Drive drive("key /run_id\na within 2s → b");
  EXPECT_EQ(drive.deadline(), 2'000);
  EXPECT_EQ(drive.time(2'001).verdict(), Verdict::violated);
  EXPECT_EQ(drive.why(), Violation::Kind::late);
}

TEST(Watch, ScopeHidesAndLenientSkipsWhatIsNotListed) {
  EXPECT_EQ(Drive("scope x.**\nx.a → x.b").at(1, "x.a").at(2, "y.z").at(3, "x.b").settled(10),
            Verdict::satisfied);
  EXPECT_EQ(Drive("x.a → x.b").at(1, "x.a").at(2, "y.z").verdict(), Verdict::violated);
  EXPECT_EQ(Drive("lenient\na → b").at(1, "a").at(2, "z").at(3, "b").settled(10),
            Verdict::satisfied);
  // what is listed keeps its order and its count
  EXPECT_EQ(Drive("lenient\na → b").at(1, "a").at(2, "a").verdict(), Verdict::violated);
}

TEST(Watch, NeverHoldsUntilItsLabelAndWithinItsGroup) {
  const char* until = "lenient\na → b as done\nnever x until done";
  EXPECT_EQ(Drive(until).at(1, "a").at(2, "b").at(3, "x").settled(10), Verdict::satisfied);
  Drive early(until);
  early.at(1, "a").at(2, "x");
  EXPECT_EQ(early.why(), Violation::Kind::forbidden);
  const char* grouped = "lenient\na → between s and e { c → never x } → b";
  EXPECT_EQ(Drive(grouped)
                .at(1, "x")
                .at(2, "a")
                .at(3, "s")
                .at(4, "c")
                .at(5, "e")
                .at(6, "x")
                .at(7, "b")
                .settled(10),
            Verdict::satisfied);
  EXPECT_EQ(Drive(grouped).at(2, "a").at(3, "s").at(4, "x").verdict(), Verdict::violated);
  EXPECT_EQ(Drive("lenient\na\nnever x where /payload/v > 3")
                .at(1, "a")
                .at(2, "x", {{"v", 3}})
                .settled(9),
            Verdict::satisfied);
}

TEST(Watch, WildcardsInABetweenDoNotStandForItsEdges) {
  const char* chain = "between run.started and run.ended { run.* x1.. }";
  EXPECT_EQ(Drive(chain).at(1, "run.started").at(2, "run.x").at(3, "run.ended").settled(10),
            Verdict::satisfied);
  EXPECT_EQ(Drive(chain).at(1, "run.started").at(2, "run.started").verdict(), Verdict::violated);
  EXPECT_EQ(Drive(chain).at(1, "run.started").at(2, "run.ended").verdict(), Verdict::violated);
}

TEST(Watch, FieldsOfEarlierEventsAreCompared) {
  const char* chain = "a as first → b where /payload/id == $first/payload/id";
  EXPECT_EQ(Drive(chain).at(1, "a", {{"id", 7}}).at(2, "b", {{"id", 7}}).settled(10),
            Verdict::satisfied);
  EXPECT_EQ(Drive(chain).at(1, "a", {{"id", 7}}).at(2, "b", {{"id", 8}}).verdict(),
            Verdict::violated);
  EXPECT_EQ(Drive(chain).at(1, "a").at(2, "b", {{"id", 8}}).verdict(), Verdict::violated);
}

TEST(Watch, ClockEventJudgesByTheProducersTime) {
  const auto stamped = [](std::int64_t arrives_ms, const char* name, const char* ts) {
    events::Event one = event(arrives_ms, name);
    one.ts = ts;
    return one;
  };
  // delivered 3 s late, yet made in time
  Drive late_delivery("clock event\na → b within 1s");
  late_delivery.at(stamped(10, "a", "2026-01-02T03:04:05.000Z"))
      .at(stamped(4'000, "b", "2026-01-02T03:04:05.900Z"));
  EXPECT_EQ(late_delivery.settled(4'100), Verdict::satisfied);
  Drive made_late("clock event\na → b within 1s");
  made_late.at(stamped(10, "a", "2026-01-02T03:04:05.000Z"))
      .at(stamped(20, "b", "2026-01-02T03:04:07.000Z"));
  EXPECT_EQ(made_late.verdict(), Verdict::violated);
}

TEST(Watch, PredicatesCompareByTypeAndValue) {
  const auto holds_for = [](const std::string& predicate, Json payload) {
    return Drive("a where " + predicate).at(1, "a", std::move(payload)).verdict() ==
           Verdict::pending;
  };
  const Json payload = {
      {"n", 5}, {"f", 2.5}, {"s", "ready"}, {"l", {1, 2}}, {"o", {{"k", nullptr}}}, {"b", true}};
  for (const char* yes : {"/payload/n == 5",        "/payload/n == 5.0",
                          "/payload/n != 6",        "/payload/n < 6",
                          "/payload/n <= 5",        "/payload/n > 4.5",
                          "/payload/n >= 5",        "/payload/s == \"ready\"",
                          "/payload/s =~ \"^re\"",  "/payload/s in [\"x\", \"ready\"]",
                          "/payload/s > \"quiet\"", "/payload/missing absent",
                          "/payload/o/k exists",    "/payload/l/1 == 2",
                          "/payload/n is int",      "/payload/f is number",
                          "/payload/s is string",   "/payload/b is bool",
                          "/payload/b == true",     "/payload/o is object",
                          "/payload/l is array",    "/payload/o/k is null",
                          "/payload/l == [1, 2]",   "/actor/role == \"admin\"",
                          "/event == \"a\"",        "/payload/n == 5, /payload/s exists"})
    EXPECT_TRUE(holds_for(yes, payload)) << yes;
  for (const char* no :
       {"/payload/n == \"5\"", "/payload/n != 5", "/payload/n < \"6\"", "/payload/f is int",
        "/payload/missing != 5", "/payload/missing exists", "/payload/s absent",
        "/payload/s =~ \"^y\"", "/payload/n =~ \"5\"", "/payload/s in [\"x\"]",
        "/payload/l/01 == 2", "/run_id exists", "/payload/n == 5, /payload/s absent"})
    EXPECT_FALSE(holds_for(no, payload)) << no;
}

TEST(Watch, SchemasComeFromWhoHasThem) {
  const SchemaLoader loader = [](const std::string& reference) -> Result<SchemaCheck> {
    if (reference != "ref.json#/ref") return error("not_found", "no such schema");
    return SchemaCheck(
        [](const Json& value) { return value.contains("tier") ? "" : "/tier is required"; });
  };
  const auto chain = Chain::parse("a where /payload schema \"ref.json#/ref\"", {}, loader);
  ASSERT_TRUE(chain.ok());
  for (const bool good : {true, false}) {
    Watch watch(*chain, {kArmed, std::nullopt, true});
    watch.take(accepted({event(1, "a", good ? Json{{"tier", "solo"}} : Json::object())}).front());
    EXPECT_EQ(watch.verdict() == Verdict::pending, good);
  }
  EXPECT_EQ(Chain::parse("a where schema \"other.json\"", {}, loader).error().code, "chain_schema");
  EXPECT_EQ(Chain::parse("a where schema \"other.json\"").error().code, "chain_schema");
}

}  // namespace
}  // namespace muster::chain
