#include "expressions/tag_expression.hpp"

#include <gtest/gtest.h>

#include <random>

namespace muster::expressions {
namespace {

using Tags = std::vector<std::string>;

bool evaluates(std::string_view source, const Tags& tags) {
  return TagExpression::parse(source).value_or_throw().evaluate(tags);
}

std::string printed(std::string_view source) {
  return TagExpression::parse(source).value_or_throw().to_string();
}

Error refused(std::string_view source) {
  const Result<TagExpression> parsed = TagExpression::parse(source);
  return parsed ? Error{} : parsed.error();
}

TEST(TagExpression, EmptyIsTrue) {
  EXPECT_TRUE(evaluates("", {}));
  EXPECT_TRUE(evaluates(" \t\n", {"@a"}));
  EXPECT_TRUE(TagExpression().evaluate({}));
}

TEST(TagExpression, BindsNotThenAndThenOr) {
  EXPECT_EQ(printed("a or b and not c"), "( a or ( b and not ( c ) ) )");
  EXPECT_EQ(printed("a and b or c and d"), "( ( a and b ) or ( c and d ) )");
  EXPECT_EQ(printed("a or b or c"), "( ( a or b ) or c )");
  EXPECT_EQ(printed("not a and not not b"), "( not ( a ) and not ( not ( b ) ) )");
  EXPECT_EQ(printed("not (a or b)"), "not ( a or b )");
  EXPECT_TRUE(evaluates("@a or @b and @c", {"@a"}));
  EXPECT_FALSE(evaluates("(@a or @b) and @c", {"@a"}));
  EXPECT_FALSE(evaluates("not @a and @b", {"@a", "@b"}));
}

TEST(TagExpression, EscapesMakeNames) {
  EXPECT_TRUE(evaluates(R"(@a\(1\) and @b\ c)", {"@a(1)", "@b c"}));
  EXPECT_TRUE(evaluates(R"(@a\\b)", {"@a\\b"}));
  EXPECT_EQ(printed(R"(@a\(1\) and @b\ c or x\\)"), R"(( ( @a\(1\) and @b\ c ) or x\\ ))");
}

TEST(TagExpression, TellsItsTags) {
  EXPECT_EQ(TagExpression::parse("@b and (@a or not @b)").value_or_throw().tags(),
            (Tags{"@b", "@a"}));
}

TEST(TagExpression, LocatesErrors) {
  struct Row {
    const char* source;
    int column;
    int width;
    const char* message;
  };
  const Row rows[] = {
      {"@a @b", 4, 2, "expected an operator before '@b'"},
      {"@a and", 4, 3, "expected an operand after 'and'"},
      {"or @a", 1, 2, "expected an operand before 'or'"},
      {"@a and or @b", 8, 2, "expected an operand before 'or'"},
      {"@a not @b", 4, 3, "expected an operator before 'not'"},
      {"not", 1, 3, "expected an operand after 'not'"},
      {"(@a", 1, 1, "the '(' has no matching ')'"},
      {"@ä or (@b", 7, 1, "the '(' has no matching ')'"},
      {"@a)", 3, 1, "the ')' has no matching '('"},
      {"()", 2, 1, "expected an operand before ')'"},
      {"@a (@b)", 4, 1, "expected an operator before '('"},
      {R"(@a\x)", 3, 2, "illegal escape before 'x'"},
  };
  for (const Row& row : rows) {
    const Error error = refused(row.source);
    EXPECT_EQ(error.message, row.message) << row.source;
    EXPECT_EQ(error.place.column, row.column) << row.source;
    EXPECT_EQ(error.width, row.width) << row.source;
    EXPECT_EQ(error.code, "tag_expression_syntax") << row.source;
    EXPECT_EQ(error.excerpt, row.source);
  }
}

TEST(TagExpression, RefusesAbsurdDepth) {
  EXPECT_EQ(refused(std::string(5000, '(')).code, "tag_expression_too_deep");
  std::string nots;
  for (int i = 0; i < 5000; ++i) nots += "not ";
  EXPECT_EQ(refused(nots + "@a").code, "tag_expression_too_deep");
}

/// A random expression with the value that it must have.
struct Sample {
  std::string text;
  bool value;
  int strength;  // 0 or, 1 and, 2 not or atom
};

Sample sample(std::mt19937& random, const Tags& tags, int depth) {
  const auto enclosed = [&](Sample inner, int strength) {
    const bool needed = inner.strength < strength;
    if (needed || random() % 4 == 0) return Sample{"(" + inner.text + ")", inner.value, 2};
    return inner;
  };
  const unsigned kind = depth == 0 ? 0 : random() % 4;
  if (kind == 0) {
    const std::string tag = "@" + std::string(1, static_cast<char>('a' + random() % 4));
    return {tag, std::find(tags.begin(), tags.end(), tag) != tags.end(), 2};
  }
  const Sample left = sample(random, tags, depth - 1);
  if (kind == 1) return {"not " + enclosed(left, 2).text, !left.value, 2};
  const Sample right = sample(random, tags, depth - 1);
  if (kind == 2)
    return {enclosed(left, 1).text + " and " + enclosed(right, 2).text, left.value && right.value,
            1};
  return {enclosed(left, 0).text + " or " + enclosed(right, 1).text, left.value || right.value, 0};
}

TEST(TagExpression, EvaluatesAsItWasBuilt) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    Tags tags;
    for (char c = 'a'; c < 'e'; ++c)
      if (random() % 2 == 0) tags.push_back("@" + std::string(1, c));
    const Sample made = sample(random, tags, 5);
    ASSERT_EQ(evaluates(made.text, tags), made.value) << made.text;
    const std::string full = printed(made.text);
    ASSERT_EQ(evaluates(full, tags), made.value) << full;
    ASSERT_EQ(printed(full), full);
  }
}

}  // namespace
}  // namespace muster::expressions
