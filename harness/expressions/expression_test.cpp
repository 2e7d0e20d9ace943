#include "expressions/expression.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/pattern.hpp"
#include "expressions/matcher.hpp"

namespace muster::expressions {
namespace {

using Captures = std::vector<std::optional<std::string>>;

Expression compiled(std::string_view source, const ParameterTypes& types = {}) {
  return compile(source, types).value_or_throw();
}

std::vector<std::string> texts(std::string_view source, std::string_view text,
                               const ParameterTypes& types = {}) {
  const std::optional<Match> match = compiled(source, types).match(text);
  if (!match) return {"no match"};
  std::vector<std::string> found;
  for (const Argument& argument : match->arguments) found.push_back(plain_text(argument));
  return found;
}

std::string code_of(std::string_view source, const ParameterTypes& types = {}) {
  const Result<Expression> expression = compile(source, types);
  return expression ? "compiled" : expression.error().code;
}

ParameterTypes with(ParameterType type) {
  ParameterTypes types;
  EXPECT_TRUE(types.add(std::move(type)).ok());
  return types;
}

using List = std::vector<std::string>;

TEST(Expression, StartsCountCodePoints) {
  const std::optional<Match> match = compiled("😀 {word} and {int}").match("😀 ünï and 42");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->arguments[0].group.start, 2u);
  EXPECT_EQ(match->arguments[1].group.start, 10u);
}

TEST(Expression, StringHasTheGroupTreeOfCucumber) {
  const std::optional<Match> match = compiled("say {string}").match(R"(say "a \"b\" c")");
  ASSERT_TRUE(match);
  const Group& group = match->arguments[0].group;
  EXPECT_EQ(group.value, R"("a \"b\" c")");
  EXPECT_EQ(group.start, 4u);
  ASSERT_EQ(group.children.size(), 2u);
  EXPECT_EQ(group.children[0].value, R"(a \"b\" c)");
  EXPECT_EQ(group.children[0].start, 5u);
  ASSERT_EQ(group.children[0].children.size(), 1u);
  EXPECT_EQ(group.children[0].children[0].value, R"(\" c)");
  EXPECT_EQ(group.children[1].value, std::nullopt);
  EXPECT_EQ(group.children[1].start, std::nullopt);
  ASSERT_EQ(group.children[1].children.size(), 1u);
  EXPECT_EQ(match->arguments[0].captures, (Captures{R"(a \"b\" c)", std::nullopt}));
  EXPECT_EQ(plain_text(match->arguments[0]), R"(a "b" c)");
}

TEST(Expression, NumbersTakeTheFormsOfTheirPatterns) {
  for (const char* text : {"1", "-1.5", "+.5", "1.5E3", ".5E-3", "2E+10"})
    EXPECT_EQ(texts("{float}", text), List{text});
  for (const char* text : {"", "-", ".", "1.", "E5", "1.5e3", "1E", "--1"})
    EXPECT_EQ(texts("{float}", text), List{"no match"}) << text;
  EXPECT_EQ(texts("{int}{int}", "123"), (List{"12", "3"}));
  EXPECT_EQ(texts("{float}{int}", "1.25"), (List{"1.2", "5"}));
  EXPECT_EQ(texts("{int}", "+5"), List{"no match"});
}

TEST(Expression, AnonymousAndWordStopWhereEcmaScriptStops) {
  EXPECT_EQ(texts("a {} c", "a b b c c"), List{"b b c"});
  EXPECT_EQ(texts("a{}", "a"), List{""});
  EXPECT_EQ(texts("{}", "a\nb"), List{"no match"});
  EXPECT_EQ(texts("{word}", "a\u00A0b"), List{"no match"});
  EXPECT_EQ(texts("{word}", "a\u2003b"), List{"no match"});
  EXPECT_EQ(texts("{word} {word}", "é b"), (List{"é", "b"}));
}

TEST(Expression, CustomTypesKeepTheirCaptures) {
  const ParameterTypes types = with({"point", {R"((\d+),(\d+)(?:,(\d+))?)"}});
  const Expression expression = compiled("move {string} to {point}", types);
  const std::optional<Match> match = expression.match("move 'x' to 3,4");
  ASSERT_TRUE(match);
  EXPECT_EQ(expression.parameter_types(), (List{"string", "point"}));
  EXPECT_EQ(match->arguments[1].parameter_type, "point");
  EXPECT_EQ(match->arguments[1].captures, (Captures{"3", "4", std::nullopt}));
  EXPECT_EQ(match->arguments[1].group.start, 12u);
  EXPECT_EQ(plain_text(match->arguments[0]), "x");
  EXPECT_FALSE(expression.match("move 'x' to 3,4\n"));
}

TEST(Expression, CustomTypesMayHaveSeveralPatternsAndLookAround) {
  const ParameterTypes several = with({"colour", {"red|blue", "(?:dark|light) green"}});
  EXPECT_EQ(texts("a {colour} car", "a light green car", several), List{"light green"});
  EXPECT_EQ(texts("a {colour} car", "a green car", several), List{"no match"});
  const ParameterTypes look = with({"name", {"(?!admin)[a-zé]+"}});
  EXPECT_EQ(texts("user {name} {int}", "user zoé 5", look), (List{"zoé", "5"}));
  EXPECT_EQ(texts("user {name} {int}", "user admin 5", look), List{"no match"});
}

TEST(Expression, WordBesideACustomTypeMatchesAsAlone) {
  const ParameterTypes types = with({"tier", {"small|large"}});
  EXPECT_EQ(texts("{tier} {word}", "small a\u00A0b", types), List{"no match"});
  EXPECT_EQ(texts("{tier} {}", "small x y", types), (List{"small", "x y"}));
}

TEST(Expression, RegularExpressionsAreToldByTheirAnchors) {
  EXPECT_TRUE(compiled("^a").is_regular_expression());
  EXPECT_TRUE(compiled("a$").is_regular_expression());
  EXPECT_FALSE(compiled("a").is_regular_expression());
  EXPECT_EQ(texts("^a (\\d+)", "a 5 and more"), List{"5"});
  EXPECT_EQ(texts("(b+)$", "aabb"), List{"bb"});
}

TEST(Expression, RegularExpressionGroupsFindTheirTypes) {
  const std::optional<Match> match =
      compiled(R"(^(\d+) of (.*) by (\w+)$)").match("3 of them by me");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->arguments[0].parameter_type, "int");
  EXPECT_TRUE(match->arguments[1].registered);
  EXPECT_EQ(match->arguments[1].parameter_type, "");
  EXPECT_FALSE(match->arguments[2].registered);
}

TEST(Expression, NestedRegularExpressionGroupsAreChildren) {
  const std::optional<Match> match = compiled(R"(^a ((b)?(?:c(d))) (?=e)[(](e)\)$|^x)").match("x");
  ASSERT_TRUE(match);
  ASSERT_EQ(match->arguments.size(), 2u);
  EXPECT_EQ(match->arguments[0].group.children.size(), 2u);
  EXPECT_EQ(match->arguments[0].group.value, std::nullopt);
}

TEST(Expression, ErrorsHaveCodes) {
  EXPECT_EQ(code_of("{nope}"), "expression_undefined_parameter_type");
  EXPECT_EQ(code_of("a (b"), "expression_syntax");
  EXPECT_EQ(code_of("()"), "expression_syntax");
  EXPECT_EQ(code_of("a\\"), "expression_syntax");
  EXPECT_EQ(code_of("^(a"), "expression_regex");
  EXPECT_EQ(code_of(std::string(5000, 'a')), "expression_too_long");
  EXPECT_EQ(code_of(std::string(4000, '(')), "expression_syntax");
  const ParameterTypes types = with({"colour", {"red"}});
  ParameterTypes twice = types;
  ASSERT_TRUE(twice.add({"paint", {"red"}}).ok());
  EXPECT_EQ(code_of("^(red)$", types), "compiled");
  EXPECT_EQ(code_of("^(red)$", twice), "expression_ambiguous_parameter_type");
  ASSERT_TRUE(twice.add({"best", {"red"}, true, true}).ok());
  EXPECT_EQ(compiled("^(red)$", twice).parameter_types(), List{"best"});
}

TEST(ParameterTypes, RefusesWhatCanNotWork) {
  ParameterTypes types;
  EXPECT_EQ(types.add({"a/b", {"x"}}).error().code, "parameter_type_name");
  EXPECT_EQ(types.add({"int", {"x"}}).error().code, "parameter_type_duplicate");
  EXPECT_EQ(types.add({"", {"x"}}).error().code, "parameter_type_duplicate");
  EXPECT_EQ(types.add({"x", {}}).error().code, "parameter_type_pattern");
  EXPECT_EQ(types.add({"x", {"(a"}}).error().code, "parameter_type_pattern");
  EXPECT_EQ(types.add({"x", {"a)|(b"}}).error().code, "parameter_type_pattern");
  EXPECT_EQ(types.add({"x", {R"(-?\d+)"}, true, true}).error().code, "parameter_type_preferential");
  EXPECT_EQ(types.all().size(), 11u);
}

TEST(Pattern, TakesRe2FirstAndBoostForTheRest) {
  EXPECT_EQ(Pattern::compile("a(b+)").value_or_throw().engine(), Pattern::Engine::re2);
  const Pattern boost = Pattern::compile("(?<=é)(b+)\\1").value_or_throw();
  EXPECT_EQ(boost.engine(), Pattern::Engine::boost);
  const auto found = boost.search("aébbbb");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((**found)[0], (Span{3, 7}));
  EXPECT_EQ((**found)[1], (Span{3, 5}));
}

TEST(Pattern, GivesUpOnExponentialBacktracking) {
  const std::string text = std::string(64 * 1024, 'a') + "!";
  const Expression bomb = compiled("^(?!b)(a+)+(a+)+$");
  const Result<std::optional<Match>> tried = bomb.attempt(text);
  ASSERT_FALSE(tried.ok());
  EXPECT_EQ(tried.error().code, "expression_regex_too_slow");
  EXPECT_FALSE(bomb.match(text));
  const Result<std::optional<Match>> linear = compiled("^(a+)+(a+)+$").attempt(text);
  ASSERT_TRUE(linear.ok());
  EXPECT_FALSE(linear->has_value());
}

TEST(Program, IsLinearOnLongTexts) {
  const std::string text(64 * 1024, 'a');
  EXPECT_EQ(texts("{word}{word}{word}{}{}b", text), List{"no match"});
  EXPECT_EQ(texts("{word}{int}", text + "5"), (List{text, "5"}));
}

/// The hand-made matcher and a regular expression engine on the pattern that the expression stands
/// for agree on the captures, over random expressions and texts of a small alphabet.
TEST(Program, AgreesWithTheRegularExpressionItStandsFor) {
  std::mt19937 random(20240607);
  const List parts = {"{int}",  "{float}", "{word}", "{string}", "{}", "a",  "b ",
                      "(a)",    "(b c)",   " a/b",   " x/y/z ",  " ",  "1",  ".",
                      "{byte}", "'",       "\"",     "é",        "-",  "(1)"};
  const List pieces = {"1", "23", ".", "-", "E", "a", "b", " ", "'", "\"", "\\", "c", "é", "x"};
  const ParameterTypes types;
  std::size_t compared = 0;
  std::size_t matched = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string source;
    for (std::size_t n = random() % 5 + 1; n > 0; --n) source += parts[random() % parts.size()];
    const Result<Expression> expression = compile(source, types);
    if (!expression) continue;
    const Pattern pattern = Pattern::compile(expression->pattern()).value_or_throw();
    ASSERT_EQ(pattern.engine(), Pattern::Engine::re2);
    for (int tries = 0; tries < 12; ++tries) {
      std::string text;
      for (std::size_t n = random() % 8; n > 0; --n) text += pieces[random() % pieces.size()];
      const std::optional<Match> match = expression->match(text);
      const auto found = pattern.search(text).value_or_throw();
      ASSERT_EQ(match.has_value(), found.has_value()) << source << " | " << text;
      ++compared;
      if (!match) continue;
      ++matched;
      std::size_t group = 1;
      for (const Argument& argument : match->arguments) {
        const std::optional<Span> span = (*found)[group];
        ASSERT_EQ(argument.group.value, text.substr(span->begin, span->end - span->begin))
            << source << " | " << text;
        group += argument.parameter_type == "string" ? 5 : 1;
      }
    }
  }
  EXPECT_GT(compared, 10'000u);
  EXPECT_GT(matched, 500u);
}

TEST(Matcher, FindsEveryDefinitionInOrder) {
  const ParameterTypes types;
  Matcher matcher;
  const List sources = {"I have {int} cukes",
                        "I have {word} cukes",
                        "^I have",
                        "I {}",
                        "{int} dogs",
                        "cukes$",
                        "^I? have",
                        "I have"};
  for (std::size_t i = 0; i < sources.size(); ++i) matcher.add(i * 10, compiled(sources[i]));
  std::vector<std::size_t> found;
  for (const Candidate& candidate : matcher.match("I have 5 cukes"))
    found.push_back(candidate.definition);
  EXPECT_EQ(found, (std::vector<std::size_t>{0, 10, 20, 30, 50, 60}));
  EXPECT_TRUE(matcher.match("nothing").empty());
  EXPECT_EQ(matcher.match(" have 1").size(), 1u);
  EXPECT_EQ(matcher.size(), sources.size());
}

TEST(Matcher, PrefixesOfRegularExpressionsLoseNothing) {
  Matcher matcher;
  const List sources = {"^abc?$", "^ab|xy$", "^a(b|c)$", "^ab{0}c$",
                        "^a\\.b", "^ab*",    "^\\d",     "^(?:ab)"};
  for (std::size_t i = 0; i < sources.size(); ++i) matcher.add(i, compiled(sources[i]));
  for (const std::string text : {"ab", "abc", "zxy", "ac", "a.b", "a", "7", ""}) {
    std::size_t expected = 0;
    for (const std::string& source : sources)
      expected += Pattern::compile(source).value_or_throw().search(text).value_or_throw() ? 1 : 0;
    EXPECT_EQ(matcher.match(text).size(), expected) << text;
  }
}

/// The index finds what asking every definition finds, over random definitions and texts of a few
/// words.
TEST(Matcher, AgreesWithAskingEachDefinition) {
  std::mt19937 random(99);
  const List parts = {"a ", "b ",  " ",   "c",  "{int}", "{word}",
                      "{}", "(d)", "d/e", "x ", " y",    "{string}"};
  const List pieces = {"a", "b", "c", "d", "e", "x", "y", " ", " ", "1", "\"q\""};
  const ParameterTypes types;
  std::size_t matched = 0;
  for (int round = 0; round < 60; ++round) {
    Matcher matcher;
    std::vector<Expression> all;
    while (all.size() < 30) {
      std::string source;
      for (std::size_t n = random() % 5 + 1; n > 0; --n) source += parts[random() % parts.size()];
      const Result<Expression> expression = compile(source, types);
      if (!expression) continue;
      matcher.add(all.size(), *expression);
      all.push_back(*expression);
    }
    for (int tries = 0; tries < 100; ++tries) {
      std::string text;
      for (std::size_t n = random() % 8; n > 0; --n) text += pieces[random() % pieces.size()];
      std::vector<std::size_t> expected;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].match(text)) expected.push_back(i);
      std::vector<std::size_t> found;
      for (const Candidate& candidate : matcher.match(text)) found.push_back(candidate.definition);
      ASSERT_EQ(found, expected) << text;
      matched += found.size();
    }
  }
  EXPECT_GT(matched, 1000u);
}

}  // namespace
}  // namespace muster::expressions
