#include "chain/matcher.hpp"

#include <gtest/gtest.h>

#include "chain/play_for_tests.hpp"

namespace muster::chain {
namespace {

using namespace play;
using namespace build;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StringMatchResultListener;

Result<std::shared_ptr<const Chain>> lifecycle() {
  return build::chain(
      {step("hearth.provisioning_started"),
       step("hearth.provisioned").where("/payload/last_status", "==", "ready").within_ms(60'000),
       between("ralph.run.started", "ralph.run.ended",
               {step("ralph.node.*").times(4).distinct("/payload/node_id")}),
       step("hearth.decommission_started"), step("hearth.decommissioned").within_ms(30'000),
       never("hearth.failed")},
      {.key = {"/workspace_slug"}, .scope = {"hearth.**", "ralph.**", "auth.**"}});
}

TEST(ChainMatcher, TakesEventsAndPointersToThem) {
  EXPECT_THAT(golden_log(), KeepsChain(lifecycle()));
  EXPECT_THAT(accepted(golden_log()), KeepsChain(lifecycle()));
}

TEST(ChainMatcher, ExplainsAsAScenarioIsExplained) {
  auto log = golden_log();
  log.erase(log.begin() + 8);
  EXPECT_THAT(log, Not(KeepsChain(lifecycle())));
  StringMatchResultListener told;
  EXPECT_FALSE(ExplainMatchResult(KeepsChain(lifecycle()), log, &told));
  EXPECT_THAT(told.str(), HasSubstr("hearth.decommission_started never came"));
  EXPECT_THAT(told.str(), HasSubstr("- hearth.decommission_started"));
}

TEST(ChainMatcher, AWrongChainAndNoEventsMatchNothing) {
  EXPECT_THAT(golden_log(), Not(KeepsChain(build::chain({step("a..b")}))));
  EXPECT_THAT(std::vector<events::Event>(), Not(KeepsChain(lifecycle())));
}

}  // namespace
}  // namespace muster::chain
