#include "judge/judge.hpp"

#include <gmock/gmock.h>

#include <set>

#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::judge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Judgement sample() {
  Judgement judgement;
  judgement.programs = {{{"name", "hearth"},
                         {"from", "ROCKY_HEARTH_BIN"},
                         {"given", true},
                         {"path", "/opt/hearth"},
                         {"version", "hearth 2.1"},
                         {"sha256", std::string(64, 'a')}},
                        {{"name", "ralph"},
                         {"from", "muster.toml:3:10"},
                         {"given", true},
                         {"address", "http://127.0.0.1:9"},
                         {"problem", "it runs already, its file is not known"}}};
  using std::chrono::milliseconds;
  judgement.findings = {
      {"hearth.help", "hearth", "All: --help; exit 0", Verdict::kept, "", milliseconds(7)},
      {"hearth.slug", "hearth", "Slug ^[a-z0-9]…; else 400 invalid_request", Verdict::broken,
       "POST /v1/provision {\"slug\":\"Upper\"} → 200 {\x1b[31m}; expected 400\nand a second line",
       milliseconds(12)},
      {"hearth.torn-down", "hearth", "after teardown: 200 tier_torn_down", Verdict::untried,
       "POST /v1/teardown → 500; expected 200 (hearth.teardown)", milliseconds(3)},
      {"ralph.key-length", "ralph", "keys ≥ 32 bytes", Verdict::impossible,
       "ralph runs already at http://127.0.0.1:9 and is not started", milliseconds(0)}};
  return judgement;
}

TEST(Judgement, IsToldToPeopleAndPrograms) {
  ::muster::testing::expect_golden("judge/judgement.txt", to_text(sample(), false));
  ::muster::testing::expect_golden("judge/judgement_all.txt", to_text(sample(), true));
  ::muster::testing::expect_golden("judge/judgement.json", to_json(sample()).dump(2) + "\n");
}

TEST(Judgement, PassesOnlyWhenNothingThatCouldBeTriedIsOpen) {
  Judgement judgement;
  EXPECT_FALSE(judgement.passed()) << "nothing was judged";
  judgement.findings = {{"a.b", "a", "c", Verdict::kept, "", {}}};
  EXPECT_TRUE(judgement.passed());
  judgement.findings.push_back({"a.d", "a", "c", Verdict::impossible, "", {}});
  EXPECT_TRUE(judgement.passed());
  for (const Verdict bad : {Verdict::broken, Verdict::untried}) {
    judgement.findings[1].verdict = bad;
    EXPECT_FALSE(judgement.passed()) << to_string(bad);
  }
}

TEST(Rules, HaveAnIdOfTheirOwnAndASentence) {
  std::set<std::string> ids;
  for (const Finding& rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule.rule).second) << rule.rule << " twice";
    EXPECT_TRUE(rule.rule.starts_with(rule.program + ".")) << rule.rule;
    EXPECT_FALSE(rule.contract.empty()) << rule.rule;
  }
  EXPECT_GE(ids.size(), 100U);
}

class Judging : public ::testing::Test {
 protected:
  Judgement of(lineup::Program program, const std::string& rules) {
    Options options;
    options.programs = {program.name};
    options.rules = rules;
    options.scratch = tree.str("s");
    return judge({std::move(program)}, options).value_or_throw();
  }
  static lineup::Program file(const std::string& name, const std::string& path) {
    lineup::Program program;
    program.name = name;
    program.path = path;
    program.found = true;
    return program;
  }
  ::muster::testing::TempTree tree;
};

TEST_F(Judging, AProgramThatIsNoneBreaksWhatItCanAndLeavesTheRestUntried) {
  tree.write("none", "#!/bin/sh\n");
  std::filesystem::permissions(tree.path() / "none", std::filesystem::perms::owner_all);
  const Judgement judgement =
      of(file("hearth", tree.str("none")), "hearth.help,hearth.healthz,*.slug");
  std::vector<std::string> verdicts;
  for (const Finding& finding : judgement.findings)
    verdicts.push_back(finding.rule + " " + std::string(to_string(finding.verdict)));
  EXPECT_THAT(verdicts,
              ElementsAre("hearth.help broken", "hearth.healthz broken", "hearth.slug untried"));
  EXPECT_THAT(judgement.findings[0].evidence, HasSubstr("nothing on standard output"));
  EXPECT_THAT(judgement.findings[1].evidence, HasSubstr("does not come up"));
  EXPECT_THAT(judgement.findings[2].evidence, HasSubstr("(hearth.healthz)"));
}

TEST_F(Judging, AProgramThatIsMissingIsNotTakenForAKeptRule) {
  const Judgement judgement = of(file("ralph", "/nonexistent/ralph"), "ralph.help,ralph.stream");
  EXPECT_EQ(judgement.count(Verdict::kept), 0U);
  EXPECT_FALSE(judgement.passed());
}

TEST_F(Judging, WhatRunsAtAnAddressIsNotStarted) {
  lineup::Program given;
  given.name = "hearth";
  given.address = "unix:" + tree.str("nobody");
  const Judgement judgement = of(given, "hearth.help,hearth.status,hearth.state-file");
  EXPECT_EQ(judgement.findings[0].verdict, Verdict::impossible);
  EXPECT_EQ(judgement.findings[1].verdict, Verdict::untried) << "nobody answers there";
  EXPECT_EQ(judgement.findings[2].verdict, Verdict::impossible);
  EXPECT_FALSE(judgement.passed());
}

TEST_F(Judging, NoRuleIsAnError) {
  Options options;
  options.rules = "no.such-rule";
  options.scratch = tree.str("s");
  const auto judged = judge({file("hearth", "/bin/true")}, options);
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(judged.error().code, "no_rules");
}

}  // namespace
}  // namespace muster::judge
