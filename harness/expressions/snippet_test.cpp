#include "expressions/snippet.hpp"

#include <gtest/gtest.h>

#include "expressions/expression.hpp"

namespace muster::expressions {
namespace {

using List = std::vector<std::string>;

List expressions(std::string_view text, const ParameterTypes& types = {}) {
  List found;
  for (const Proposal& proposal : propose(text, types)) found.push_back(proposal.expression);
  return found;
}

TEST(Snippet, FindsTheBuiltInTypes) {
  EXPECT_EQ(expressions("I have 2 cukes and 1.5 euro"),
            (List{"I have {int} cukes and {float} euro", "I have {float} cukes and {float} euro"}));
  EXPECT_EQ(expressions(R"(I like "bangers" and 'mash')"), List{"I like {string} and {string}"});
  EXPECT_EQ(expressions("nothing to see"), List{"nothing to see"});
  EXPECT_EQ(expressions(""), List{""});
}

TEST(Snippet, TakesWholeWordsOnly) {
  EXPECT_EQ(expressions("the i18n team"), List{"the i18n team"});
  EXPECT_EQ(expressions("release v2 of é3"), List{"release v2 of é3"});
  EXPECT_EQ(expressions("a 7\u20AC note").front(), "a {int}\u20AC note");
}

TEST(Snippet, EscapesWhatMeansSomething) {
  EXPECT_EQ(expressions("a (b) {c} d/e f\\g"), List{R"(a \(b) \{c} d\/e f\\g)"});
  EXPECT_EQ(expressions("costs 5$"), List{R"(^costs 5\$$)"});
}

TEST(Snippet, OffersTypesOfTheRun) {
  ParameterTypes types;
  ASSERT_TRUE(types.add({"airport", {"[A-Z]{3}"}}).ok());
  ASSERT_TRUE(types.add({"currency", {"[A-Z]{3}"}}).ok());
  ASSERT_TRUE(types.add({"hidden", {"to"}, false}).ok());
  const std::vector<Proposal> proposals = propose("LHR to CDG", types);
  ASSERT_EQ(proposals.size(), 4u);
  EXPECT_EQ(proposals[0].expression, "{airport} to {airport}");
  EXPECT_EQ(proposals[0].parameter_names, (List{"airport", "airport2"}));
  EXPECT_EQ(proposals[1].expression, "{airport} to {currency}");
  EXPECT_EQ(proposals[3].parameter_types, (List{"currency", "currency"}));
  EXPECT_EQ(propose("LHR to CDG", types, 1).size(), 1u);
}

TEST(Snippet, NamesAreIdentifiers) {
  ParameterTypes types;
  ASSERT_TRUE(types.add({"run id", {"r-[0-9]+"}}).ok());
  const Proposal proposal = propose("run r-17 took 3 of 4 for \"x\"", types).front();
  EXPECT_EQ(proposal.expression, "run {run id} took {int} of {int} for {string}");
  EXPECT_EQ(proposal.parameter_names, (List{"run_id", "int1", "int2", "string"}));
}

TEST(Snippet, EveryProposalMatchesItsText) {
  const ParameterTypes types;
  for (const std::string text :
       {"a (b) 5 {c} d/e 'f' \"g\" 1.5 -3", "50% of 1,000", "x\\y (z", "/", "{", "costs 5$", "^x",
        "a 'b", "é \"ü\" 1/2", ") } (a/b)", "  two  blanks 7 "}) {
    for (const Proposal& proposal : propose(text, types)) {
      const Result<Expression> expression = compile(proposal.expression, types);
      ASSERT_TRUE(expression.ok()) << proposal.expression << ": " << expression.error().message;
      const std::optional<Match> match = expression->match(text);
      ASSERT_TRUE(match.has_value()) << proposal.expression << " | " << text;
      EXPECT_EQ(match->arguments.size(), proposal.parameter_types.size());
    }
  }
}

}  // namespace
}  // namespace muster::expressions
