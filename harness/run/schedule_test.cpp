#include "run/schedule.hpp"

#include <gmock/gmock.h>

namespace muster::run {
namespace {

using Kind = Schedule::Order::Kind;

PlannedCase free_case() {
  return {};
}
PlannedCase locked(const std::string& name) {
  PlannedCase made;
  made.locks.push_back(name);
  return made;
}
PlannedCase alone() {
  PlannedCase made;
  made.alone = true;
  return made;
}
PlannedCase closed() {
  PlannedCase made;
  made.closed = Closed{};
  return made;
}

template <class... Cases>
Plan plan_of(Cases... cases) {
  Plan plan;
  (plan.cases.push_back(std::move(cases)), ...);
  return plan;
}

TEST(Schedule, WorkersServeThemselvesFromTheBoard) {
  const Plan plan = plan_of(free_case(), closed(), free_case());
  Schedule schedule(plan, 2);
  EXPECT_EQ(schedule.next().kind, Kind::free);
  EXPECT_EQ(schedule.board().take(), 0u);
  EXPECT_EQ(schedule.board().take(), 2u);
  EXPECT_EQ(schedule.board().take(), std::nullopt);
  EXPECT_EQ(schedule.next().kind, Kind::leave);
  EXPECT_FALSE(schedule.more());
}

TEST(Schedule, OneWorkerTakesAllInOrder) {
  const Plan plan = plan_of(alone(), locked("a"), free_case());
  Schedule schedule(plan, 1);
  EXPECT_EQ(schedule.next().kind, Kind::free);
  EXPECT_EQ(schedule.board().queue().size(), 3u);
}

TEST(Schedule, WhatSharesALockNeverRunsAtOnce) {
  const Plan plan = plan_of(locked("a"), locked("a"), locked("b"));
  Schedule schedule(plan, 3);
  const auto first = schedule.next();
  EXPECT_EQ(first.one, (Attempt{0, 0}));
  const auto other = schedule.next();
  EXPECT_EQ(other.one, (Attempt{2, 0}));
  EXPECT_EQ(schedule.next().kind, Kind::wait);
  schedule.done(first);
  EXPECT_EQ(schedule.next().one, (Attempt{1, 0}));
}

TEST(Schedule, WhatRunsAloneHasTheRunForItself) {
  const Plan plan = plan_of(free_case(), alone());
  Schedule schedule(plan, 2);
  const auto first = schedule.next();
  EXPECT_EQ(first.one, (Attempt{1, 0}));
  EXPECT_EQ(schedule.next().kind, Kind::wait);
  schedule.done(first);
  EXPECT_EQ(schedule.next().kind, Kind::free);
}

TEST(Schedule, ACaseThatWasTakenAndNeverBegunIsFound) {
  const Plan plan = plan_of(free_case(), free_case());
  Schedule schedule(plan, 2);
  const auto order = schedule.next();
  schedule.board().take();
  schedule.started(0);
  schedule.board().take();  // and the worker dies before it says so
  schedule.worker_lost();
  schedule.done(order);
  ASSERT_TRUE(schedule.more());
  EXPECT_EQ(schedule.next().one, (Attempt{1, 0}));
}

TEST(Schedule, WhatIsTriedAgainComesFirst) {
  const Plan plan = plan_of(locked("a"), locked("b"));
  Schedule schedule(plan, 2);
  const auto first = schedule.next();
  schedule.done(first);
  schedule.again({0, 1});
  EXPECT_EQ(schedule.next().one, (Attempt{0, 1}));
}

TEST(Schedule, AStoppedOneGivesNothing) {
  const Plan plan = plan_of(free_case(), alone(), locked("a"));
  Schedule schedule(plan, 2);
  schedule.stop();
  EXPECT_EQ(schedule.next().kind, Kind::leave);
  EXPECT_FALSE(schedule.more());
}

}  // namespace
}  // namespace muster::run
