#include "run/nothing_ran.hpp"

#include <gtest/gtest.h>

namespace muster::run {
namespace {

PlannedCase closed(const char* reason) {
  PlannedCase made;
  made.closed = Closed{false, reason};
  return made;
}

TEST(NothingRan, IsSaidOnlyWhereAllIsClosed) {
  Plan plan;
  EXPECT_EQ(nothing_ran(plan), "");
  for (const char* what : {"b", "a", "b"}) plan.cases.push_back(closed(what));
  EXPECT_EQ(nothing_ran(plan),
            "nothing ran, this proves nothing: 3 of 3 scenarios are closed to this run: a; b");
  plan.cases.emplace_back();
  EXPECT_EQ(nothing_ran(plan), "");
}

}  // namespace
}  // namespace muster::run
