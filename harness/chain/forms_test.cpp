// The same chain as a doc string, a table and in C++.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/builder.hpp"
#include "chain/play_for_tests.hpp"
#include "chain/table.hpp"

namespace muster::chain {
namespace {

using namespace play;
using build::between;
using build::either;
using build::never;
using build::repeat;
using build::step;

Verdict verdict_of(std::shared_ptr<const Chain> chain, std::vector<events::Event> log) {
  Watch watch(std::move(chain), {kArmed, std::nullopt, true});
  for (const EventPtr& one : accepted(std::move(log))) watch.take(one);
  watch.settle(kArmed + 10 * kSecond);
  return watch.verdict();
}

TEST(Table, IsAChain) {
  const auto chain =
      parse_table({{"event", "count", "where", "within"},
                   {"hearth.provisioning_started", "", "", ""},
                   {"hearth.provisioned", "", "/payload/last_status == \"ready\"", "60s"},
                   {"ralph.run.started", "", "", ""},
                   {"ralph.node.*", "4", "", ""},
                   {"ralph.run.ended", "1", "", ""},
                   {"hearth.decommission_started", "", "", ""},
                   {"hearth.decommissioned", "", "", "30s"}},
                  "key /workspace_slug");
  ASSERT_TRUE(chain.ok()) << render(chain.error());
  EXPECT_EQ(verdict_of(*chain, golden_log()), Verdict::satisfied);
  EXPECT_EQ(verdict_of(*chain, log_without_run()), Verdict::violated);
}

TEST(Table, ErrorsNameTheRow) {
  const Place origin{"a.feature", 10, 0};
  const auto code_and_line = [&](const std::vector<std::vector<std::string>>& rows) {
    const auto chain = parse_table(rows, {}, origin, {10, 12, 13});
    return chain.error().code + " " + std::to_string(chain.error().place.line);
  };
  EXPECT_EQ(code_and_line({{"event"}}), "chain_table 10");
  EXPECT_EQ(code_and_line({{"event", "wher"}, {"a", ""}}), "chain_table 10");
  EXPECT_EQ(code_and_line({{"count"}, {"1"}}), "chain_table 10");
  EXPECT_EQ(code_and_line({{"event", "count"}, {"a", "1"}, {"b", "x0"}}), "chain_count 13");
  EXPECT_EQ(code_and_line({{"event"}, {"a → b"}}), "chain_table 12");
}

TEST(Builder, SaysTheSameAsTheText) {
  const auto chain = build::chain(
      {step("hearth.provisioning_started"),
       step("hearth.provisioned").where("/payload/last_status", "==", "ready").within_ms(60'000),
       between("ralph.run.started", "ralph.run.ended",
               {step("ralph.node.*").times(4).distinct("/payload/node_id")}),
       step("hearth.decommission_started").as("begin"),
       step("hearth.decommissioned").within_ms(30'000, "begin"), never("hearth.failed")},
      {{"/workspace_slug"}, {"hearth.**", "ralph.**", "auth.**"}, false, false});
  ASSERT_TRUE(chain.ok()) << render(chain.error());
  EXPECT_EQ(verdict_of(*chain, golden_log()), Verdict::satisfied);
  EXPECT_EQ(verdict_of(*chain, log_without_run()), Verdict::violated);
}

TEST(Builder, HasEveryGroup) {
  const auto chain = build::chain(
      {build::any_order({step("a"), step("b").optional()}),
       either({{step("c"), step("d")}, {step("e")}}),
       repeat(2, {step("f").where("/payload/n exists")}), step("g").times(1, 2),
       step("h").as("last").at_least(1), never("z").where("/payload/n > 3").until("last")},
      {{}, {}, false, true});
  ASSERT_TRUE(chain.ok()) << render(chain.error());
  const auto log = [](std::initializer_list<const char*> names) {
    std::vector<events::Event> made;
    for (const char* name : names)
      made.push_back(event(static_cast<std::int64_t>(made.size()), name, {{"n", 9}}));
    return made;
  };
  EXPECT_EQ(verdict_of(*chain, log({"b", "a", "e", "f", "f", "g", "h", "h", "z"})),
            Verdict::satisfied);
  EXPECT_EQ(verdict_of(*chain, log({"a", "c", "d", "f", "z", "f", "g", "h"})), Verdict::violated);
  EXPECT_EQ(verdict_of(*chain, log({"a", "c", "f", "f", "g", "h"})), Verdict::violated);
}

TEST(Builder, ShowsWhatWasBuiltWhenItIsWrong) {
  const auto chain = build::chain({step("a").within_ms(5, "nobody")});
  ASSERT_FALSE(chain.ok());
  EXPECT_EQ(chain.error().code, "chain_label");
  EXPECT_THAT(render(chain.error()), ::testing::HasSubstr("a within 5ms of nobody"));
}

}  // namespace
}  // namespace muster::chain
