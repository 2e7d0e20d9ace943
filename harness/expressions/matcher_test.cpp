// The index finds what asking every definition finds.
#include "expressions/matcher.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace muster::expressions {
namespace {

using List = std::vector<std::string>;

Expression compiled(const std::string& source, const ParameterTypes& types = {}) {
  return compile(source, types).value_or_throw();
}

TEST(Fragments, AreTheLiteralTextThatTouchesABlank) {
  using Kind = Fragment::Kind;
  const auto of = [](const std::string& source) { return compiled(source).fragments(); };
  EXPECT_EQ(
      of("I have {int} cuke(s)"),
      (std::vector<Fragment>{{Kind::word, "I"}, {Kind::word, "have"}, {Kind::beginning, "cuke"}}));
  EXPECT_EQ(of("a{int}b{word}c d"),
            (std::vector<Fragment>{{Kind::beginning, "a"}, {Kind::end, "c"}, {Kind::word, "d"}}));
  EXPECT_EQ(of("{int}EUR17"), (std::vector<Fragment>{{Kind::end, "EUR17"}}));
  EXPECT_EQ(of("a/b {}"), std::vector<Fragment>());
  EXPECT_EQ(of("^a b$"), std::vector<Fragment>());
}

TEST(Matcher, GoesByPiecesOfWords) {
  Matcher matcher;
  for (int i = 0; i < 100; ++i) {
    matcher.add(static_cast<std::size_t>(i), compiled("{}-k" + std::to_string(i)));
  }
  for (const std::string text : {"a-k7", "a b-k7", "-k7", " -k7"}) {
    const auto found = matcher.match(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0].definition, 7U) << text;
  }
  EXPECT_EQ(matcher.match("a-k70").size(), 1U);
  EXPECT_TRUE(matcher.match("a-k7 b").empty());
  EXPECT_TRUE(matcher.match("a-k100").empty());
}

TEST(Matcher, AsksManyRegularExpressionsAtOnce) {
  Matcher matcher;
  for (int i = 0; i < 300; ++i) {
    matcher.add(static_cast<std::size_t>(i),
                compiled("^user (\\d+) takes role" + std::to_string(i) + "$"));
  }
  matcher.add(300, compiled("(?<=user) 5 takes$|role7$"));  // only Boost.Regex takes it
  const auto found = matcher.match("user 5 takes role7");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].definition, 7U);
  EXPECT_EQ(found[0].match.arguments[0].captures[0], "5");
  EXPECT_EQ(found[1].definition, 300U);
  matcher.add(301, compiled("^user 5"));  // also after the first question
  EXPECT_EQ(matcher.match("user 5 takes role7").size(), 3U);
}

/// Definitions of all kinds and texts that are made of them, so that many fit and many nearly do.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {
    types_.add({"point", {R"((\d+),(\d+))"}}).value_or_throw();
    types_.add({"colour", {"red|green", "blue"}}).value_or_throw();
    types_.add({"look", {"(?!x)[a-z]+"}}).value_or_throw();
  }

  const ParameterTypes& types() const { return types_; }

  std::string definition() {
    std::string source;
    for (std::size_t n = 1 + below(6); n > 0; --n) {
      if (!source.empty() && !one_in(4)) source += ' ';
      source +=
          pick({"alpha", "beta", "be", "ta", "x1", "{int}", "{float}", "{word}", "{string}", "{}",
                "{point}", "{colour}", "{look}", "(s)", "(an )", "one/two", "é", "k" + number()});
    }
    if (one_in(5)) {
      source = pick({"^", "^alpha ", "^(\\d+) ", "^(?:x1|be) "}) +
               pick({"", "(beta|ta)", "(.*)", "x(\\d)?", "(?!k)[a-z]", "k" + number()}) +
               pick({"", "$", " \\w+$"});
    }
    return source;
  }

  /// A text that a definition might fit.
  std::string text() {
    std::string text;
    for (std::size_t n = below(7); n > 0; --n) {
      if (!text.empty() && !one_in(5)) text += ' ';
      text += pick({"alpha", "beta", "be",      "ta",  "x1",  "12",           "-3",
                    "1.5",   "word", "\"a b\"", "'q'", "3,4", "red",          "blue",
                    "s",     "an ",  "one",     "two", "é",   "k" + number(), " "});
    }
    return text;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string pick(const List& from) { return from[below(from.size())]; }
  std::string number() { return std::to_string(below(40)); }

  std::mt19937 random_;
  ParameterTypes types_;
};

TEST(Matcher, AgreesWithAskingEachOverLibrariesOfAllKinds) {
  Generator generator(20'240'602);
  std::size_t pairs = 0;
  std::size_t matched = 0;
  std::size_t ambiguous = 0;
  for (const std::size_t size : {3, 9, 40, 120, 400, 400}) {
    Matcher matcher;
    std::vector<Expression> all;
    while (all.size() < size) {
      const auto expression = compile(generator.definition(), generator.types());
      if (!expression) continue;
      matcher.add(all.size(), *expression);
      all.push_back(*expression);
    }
    for (int tries = 0; tries < 150; ++tries) {
      const std::string text = generator.text();
      std::vector<std::size_t> expected;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].match(text)) expected.push_back(i);
      }
      std::vector<std::size_t> found;
      for (const Candidate& candidate : matcher.match(text)) {
        found.push_back(candidate.definition);
        ASSERT_EQ(candidate.match, all[candidate.definition].match(text)) << text;
      }
      ASSERT_EQ(found, expected) << text;
      pairs += all.size();
      matched += found.size();
      ambiguous += found.size() > 1 ? 1 : 0;
    }
  }
  EXPECT_GT(pairs, 100'000U);
  EXPECT_GT(matched, 1'000U);
  EXPECT_GT(ambiguous, 100U);
}

}  // namespace
}  // namespace muster::expressions
