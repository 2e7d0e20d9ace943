#include "gherkin/dialect.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace muster::gherkin {
namespace {

namespace fallback {
using Type = messages::StepKeywordType;
#include "gherkin/dialects_english.inc"
}  // namespace fallback

TEST(Dialect, TheFallbackIsTheEnglishOfTheTable) {
  const Dialect* english = find_dialect("en");
  ASSERT_NE(english, nullptr);
  ASSERT_EQ(std::size(fallback::kDialects), 1U);
  const Dialect& ours = fallback::kDialects[0];
  EXPECT_EQ(ours.name, english->name);
  const auto same = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  };
  EXPECT_TRUE(same(ours.feature, english->feature));
  EXPECT_TRUE(same(ours.background, english->background));
  EXPECT_TRUE(same(ours.rule, english->rule));
  EXPECT_TRUE(same(ours.scenario, english->scenario));
  EXPECT_TRUE(same(ours.examples, english->examples));
  EXPECT_TRUE(std::equal(ours.steps.begin(), ours.steps.end(), english->steps.begin(),
                         english->steps.end(), [](const StepKeyword& a, const StepKeyword& b) {
                           return a.text == b.text && a.type == b.type;
                         }));
}

TEST(Dialect, NoKeywordHidesALongerOne) {
  for (const Dialect& dialect : dialects()) {
    for (std::size_t i = 0; i < dialect.steps.size(); ++i) {
      for (std::size_t j = i + 1; j < dialect.steps.size(); ++j) {
        EXPECT_FALSE(dialect.steps[j].text.starts_with(dialect.steps[i].text))
            << dialect.language << ": " << dialect.steps[j].text;
      }
    }
  }
}

TEST(Dialect, UnknownLanguagesHaveNone) {
  EXPECT_EQ(find_dialect("xx"), nullptr);
  EXPECT_EQ(find_dialect(""), nullptr);
}

}  // namespace
}  // namespace muster::gherkin
