#include "chain/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/chain.hpp"
#include "chain/play_for_tests.hpp"

namespace muster::chain {
namespace {

const Step& step_at(const Pattern& pattern, std::size_t at) {
  return std::get<Step>(pattern.items.at(at).what);
}

TEST(Parser, ReadsTheLifecycle) {
  const auto pattern = parse_pattern(play::kLifecycle);
  ASSERT_TRUE(pattern.ok()) << render(pattern.error());
  EXPECT_EQ(pattern->key.at(0).text(), "/workspace_slug");
  EXPECT_EQ(pattern->scope.size(), 3U);
  EXPECT_TRUE(pattern->strict);
  ASSERT_EQ(pattern->items.size(), 6U);
  EXPECT_EQ(step_at(*pattern, 1).within->ns, 60'000'000'000);
  EXPECT_EQ(step_at(*pattern, 1).where.at(0).text, "/payload/last_status == \"ready\"");
  const Group& run = std::get<Group>(pattern->items[2].what);
  EXPECT_EQ(run.kind, Group::Kind::between);
  const Step& nodes = std::get<Step>(run.branches.at(0).at(1).what);
  EXPECT_EQ(nodes.count, (Count{4, 4}));
  EXPECT_EQ(nodes.distinct->text(), "/payload/node_id");
  EXPECT_EQ(std::get<Never>(pattern->items[5].what).name.text(), "hearth.failed");
}

TEST(Parser, ReadsEveryClauseInAnyOrderAndOnLinesOfItsOwn) {
  const auto pattern = parse_pattern(
      "lenient\nclock event\n"
      "a as first -> b x1..3 within 1.5s of first as second distinct /payload/id where /payload/n "
      ">= 2,\n"
      "    /payload/s in [\"x\", \"y\"], /payload/t == $first/payload/t\n"
      "c   # a comment\n"
      "  where /payload/re =~ \"^\\\\d+$\"\n"
      "  within 2m\n"
      "d x2.. → {e,f.g}? → *.h → i.**\n"
      "never z where /payload/bad exists until second");
  ASSERT_TRUE(pattern.ok()) << render(pattern.error());
  EXPECT_FALSE(pattern->strict);
  EXPECT_EQ(pattern->clock, ClockSource::event);
  const Step& b = step_at(*pattern, 1);
  EXPECT_EQ(b.count, (Count{1, 3}));
  EXPECT_EQ(b.within->ns, 1'500'000'000);
  EXPECT_EQ(b.within->label, "first");
  EXPECT_EQ(b.label, "second");
  EXPECT_EQ(b.where.size(), 3U);
  EXPECT_EQ(b.where[2].label, "first");
  EXPECT_EQ(step_at(*pattern, 2).within->ns, 120'000'000'000);
  EXPECT_EQ(step_at(*pattern, 3).count, (Count{2, Count::kUnbounded}));
  EXPECT_EQ(step_at(*pattern, 4).count, (Count{0, 1}));
  EXPECT_TRUE(step_at(*pattern, 4).name.matches("f.g"));
  EXPECT_EQ(std::get<Never>(pattern->items[7].what).until, "second");
}

TEST(Parser, ReadsGroupsInGroups) {
  const auto pattern = parse_pattern(
      "any order {\n  a\n  repeat x2 { b → c }\n}\neither {d} or {\n e → either { f } or { g } or "
      "{ h }\n}\n");
  ASSERT_TRUE(pattern.ok()) << render(pattern.error());
  ASSERT_EQ(pattern->items.size(), 2U);
  EXPECT_EQ(std::get<Group>(pattern->items[0].what).branches[0].size(), 2U);
  EXPECT_EQ(std::get<Group>(pattern->items[1].what).branches.size(), 2U);
}

TEST(NamePattern, MatchesSegments) {
  const auto matches = [](const char* pattern, const char* name) {
    return NamePattern::parse(pattern).value_or_throw().matches(name);
  };
  EXPECT_TRUE(matches("hearth.**", "hearth.a.b"));
  EXPECT_FALSE(matches("hearth.**", "hearth"));
  EXPECT_TRUE(matches("**", "a"));
  EXPECT_TRUE(matches("ralph.node.*", "ralph.node.done"));
  EXPECT_FALSE(matches("ralph.node.*", "ralph.node.done.x"));
  EXPECT_FALSE(matches("ralph.*", "ralph"));
  EXPECT_TRUE(matches("*.ended", "run.ended"));
  EXPECT_TRUE(matches("x.{a,b.{c,d}}", "x.b.d"));
  EXPECT_FALSE(matches("x.{a,b.{c,d}}", "x.b"));
  EXPECT_FALSE(matches("a.b", "a.b.c"));
  EXPECT_FALSE(matches("a.b", "a"));
}

struct Bad {
  const char* text;
  const char* code;
  int line;
  int column;
  const char* message;
};

TEST(Parser, LocatesEveryError) {
  const Bad all[] = {
      {"", "chain_empty", 1, 1, "names no event"},
      {"strict", "chain_empty", 1, 7, "names no event"},
      {"a b", "chain_syntax", 1, 3, "expected a clause, an arrow or a line end, found `b`"},
      {"a withn 5s", "chain_syntax", 1, 3, "found `withn`"},
      {"a within", "chain_syntax", 1, 9, "expected a duration"},
      {"a within 5", "chain_duration", 1, 10, "no duration"},
      {"a within 5s within 6s", "chain_clause", 1, 13, "stands twice"},
      {"a within 5s of b", "chain_label", 1, 16, "no step is labelled `b`"},
      {"a x0", "chain_count", 1, 3, "a count of nothing"},
      {"a x3..2", "chain_count", 1, 3, "ends before it begins"},
      {"a x99999999999", "chain_count", 1, 3, "no count"},
      {"a where payload == 1", "chain_syntax", 1, 9, "expected a JSON pointer"},
      {"a where /p ~= 1", "chain_syntax", 1, 12, "`~` has no meaning"},
      {"a where /p is_not 1", "chain_syntax", 1, 12, "expected an operator"},
      {"a where /p == ready", "chain_syntax", 1, 15, "expected a value"},
      {"a where /p in 3", "chain_value", 1, 15, "takes a list"},
      {"a where /p =~ 3", "chain_value", 1, 15, "a string in quotes"},
      {"a where /p =~ \"(\"", "chain_regex", 1, 15, "no regular expression"},
      {"a where /p is text", "chain_syntax", 1, 15, "one of int"},
      {"a where /p~2 exists", "chain_pointer", 1, 9, "followed by 0 or 1"},
      {"a where /p == \"x", "chain_syntax", 1, 15, "no end"},
      {"a as x\nb as x", "chain_label", 2, 1, "two steps are labelled"},
      {"b where /p == $x/p\na as x", "chain_label", 1, 9, "does not stand before"},
      {"any order { a", "chain_syntax", 1, 11, "this `{` has no `}`"},
      {"any order { }", "chain_empty", 1, 11, "the group names no event"},
      {"either { a }", "chain_syntax", 1, 13, "expected `or {`"},
      {"repeat { a }", "chain_syntax", 1, 8, "expected a count"},
      {"between a b { c }", "chain_syntax", 1, 11, "expected `and`"},
      {"between a and b { a }", "chain_between", 1, 19, "opens or closes"},
      {"never", "chain_syntax", 1, 6, "the name of an event"},
      {"a\nnever b within 3s", "chain_clause", 2, 9, "no other clause"},
      {"a\nkey /x", "chain_header", 2, 1, "before the first event"},
      {"key /x\nkey /y\na", "chain_header", 2, 1, "stands twice"},
      {"scope b.**\na", "chain_scope", 2, 1, "outside the scope"},
      {"clock wall\na", "chain_syntax", 1, 7, "`sink` or `event`"},
      {"a.**.b", "chain_name", 1, 1, "only at the end"},
      {"a.b*", "chain_name", 1, 1, "whole segment"},
      {"a..b", "chain_name", 1, 1, "empty"},
      {"within", "chain_syntax", 1, 1, "the name of an event"},
      {"a → → § b", "chain_syntax", 1, 7, "`§` has no meaning"},
      {"a until b", "chain_clause", 1, 3, "belongs to `never`"},
  };
  for (const Bad& bad : all) {
    const auto chain = Chain::parse(bad.text);
    ASSERT_FALSE(chain.ok()) << bad.text;
    const Error& failed = chain.error();
    EXPECT_EQ(failed.code, bad.code) << bad.text << "\n" << render(failed);
    EXPECT_EQ(failed.place.line, bad.line) << bad.text << "\n" << render(failed);
    EXPECT_EQ(failed.place.column, bad.column) << bad.text << "\n" << render(failed);
    EXPECT_THAT(failed.message, ::testing::HasSubstr(bad.message)) << bad.text;
  }
}

TEST(Parser, PointsIntoTheFeatureFile) {
  Place origin;
  origin.uri = "lifecycle.feature";
  origin.line = 32;
  origin.column = 2;
  const auto failed =
      Chain::parse("hearth.provisioned\nralph.node.* ×4 distnct /payload/node_id", origin);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(
      render(failed.error()),
      "lifecycle.feature:33:19: error: expected a clause, an arrow or a line end, found `distnct`\n"
      "  33 |   ralph.node.* ×4 distnct /payload/node_id\n"
      "     |                   ^^^^^^^\n"
      "  hint: did you mean `distinct`?\n");
}

TEST(Parser, DeepNestingIsAnErrorAndNoCrash) {
  std::string groups, lists = "a where /p in ";
  for (int depth = 0; depth < 90'000; ++depth) {
    groups += "repeat x1 {";
    lists += "[";
  }
  EXPECT_EQ(Chain::parse(groups).error().code, "chain_nesting");
  EXPECT_EQ(Chain::parse(lists).error().code, "chain_nesting");
}

}  // namespace
}  // namespace muster::chain
