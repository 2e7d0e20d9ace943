// The plumbing commands from outside: exact text, exit codes.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "testing/command.hpp"
#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::app {
namespace {

using ::muster::testing::Command;
using ::muster::testing::expect_golden;
using ::muster::testing::Finished;
using ::testing::HasSubstr;

constexpr const char* kFeature = R"(@cooking
Feature: Steps of all kinds

  Background:
    Given a step that passes

  @outline
  Scenario Outline: <count> steps
    Then <count> steps have passed

    Examples:
      | count |
      | 1     |
      | 2     |

  Rule: what nobody defined

    Scenario: a typing error
      When a step that pases
      Then 3 step have passed

    Scenario: an ambiguous one
      Given an ambiguous step
)";

/// The runner of the probes in a folder with features/kinds.feature; places in the probes' source
/// are made independent of its line numbers.
class Plumbing : public ::testing::Test {
 protected:
  Plumbing() { tree_.write("features/kinds.feature", kFeature); }

  Finished muster(std::vector<std::string> words, const std::string& input = {}) const {
    Finished done = Command(MUSTER_BIN_DIR "/muster_probes")
                        .args(std::move(words))
                        .input(input)
                        .in(tree_.str())
                        .run();
    done.out = without_lines(without_folder(done.out));
    done.err = without_lines(without_folder(done.err));
    return done;
  }

  muster::testing::TempTree tree_;

 private:
  std::string without_folder(std::string text) const {
    const std::string folder = tree_.str();
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.replace(at, folder.size(), "DIR/");
    }
    return text;
  }

  static std::string without_lines(std::string text) {
    for (const std::string mark : {"probe_steps.cpp:", "\"keyword\":\"any\",\"line\":"}) {
      for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        at += mark.size();
        const auto end = text.find_first_not_of("0123456789", at);
        text.replace(at, end - at, "N");
      }
    }
    return text;
  }
};

TEST_F(Plumbing, ParsePrintsEnvelopes) {
  const Finished done = muster({"parse", "--predictable-ids", "features/kinds.feature"});
  expect_golden("app/parse.txt", done.text());
}

TEST_F(Plumbing, ParseLeavesOutWhatIsNotWanted) {
  const auto kinds = [&](std::vector<std::string> options) {
    std::vector<std::string> words = {"parse", "features/kinds.feature"};
    words.insert(words.end(), options.begin(), options.end());
    std::string found;
    for (const auto& line : split(muster(words).out, '\n')) {
      if (line.empty()) continue;
      const std::string kind = parse_json(line, 200).value().begin().key();
      if (!found.ends_with(kind + " ")) found += kind + " ";
    }
    return found;
  };
  EXPECT_EQ(kinds({}), "source gherkinDocument pickle ");
  EXPECT_EQ(kinds({"--no-source"}), "gherkinDocument pickle ");
  EXPECT_EQ(kinds({"--no-ast"}), "source pickle ");
  EXPECT_EQ(kinds({"--no-pickles"}), "source gherkinDocument ");
  EXPECT_EQ(kinds({"--no-source", "--no-ast", "--no-pickles"}), "");
  EXPECT_EQ(kinds({"--quiet"}), "");
}

TEST_F(Plumbing, ParsePrintsTokens) {
  expect_golden("app/parse_tokens.txt",
                muster({"parse", "--tokens", "features/kinds.feature"}).text());
}

TEST_F(Plumbing, ParseTellsErrorsAndGoesOn) {
  tree_.write("bad.feature",
              "Feature: f\n  nonsense\n  Scenario: s\n    Given a\n   oops\n  | x |\n");
  expect_golden("app/parse_errors.txt",
                muster({"parse", "--no-source", "--no-ast", "--predictable-ids", "bad.feature",
                        "absent.feature", "features/kinds.feature"})
                    .text());
  const Finished quiet = muster({"parse", "--quiet", "bad.feature"});
  EXPECT_EQ(quiet.exit_code, 1);
  EXPECT_EQ(quiet.out, "");
  EXPECT_THAT(quiet.err, HasSubstr("bad.feature:5:4: error: "));
}

TEST_F(Plumbing, ParseMakesIdsThatNoOtherRunHas) {
  const auto id = [&] {
    const Finished done = muster({"parse", "--no-source", "--no-ast", "features/kinds.feature"});
    return parse_json(split(done.out, '\n')[0], 200).value()["pickle"]["id"].get<std::string>();
  };
  const std::string first = id();
  ASSERT_EQ(first.size(), 36U);
  EXPECT_EQ(first[14], '4') << first;
  EXPECT_EQ(first[19], '8') << first;
  EXPECT_EQ(std::count(first.begin(), first.end(), '-'), 4) << first;
  EXPECT_NE(first, id());
}

TEST_F(Plumbing, ParseTakesTheLanguageOfFilesThatNameNone) {
  tree_.write("fr.feature", "Fonctionnalité: f\n  Scénario: s\n    Soit a\n");
  EXPECT_EQ(muster({"parse", "--quiet", "fr.feature"}).exit_code, 1);
  EXPECT_EQ(muster({"parse", "--quiet", "--language", "fr", "fr.feature"}).exit_code, 0);
  const Finished unknown = muster({"parse", "--language", "xx", "fr.feature"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("there is no language xx"));
}

TEST_F(Plumbing, ParseHoldsLimits) {
  tree_.write("long.feature", "Feature: " + std::string(9 << 20, 'x'));
  const Finished large = muster({"parse", "--quiet", "long.feature"});
  EXPECT_EQ(large.exit_code, 1);
  EXPECT_THAT(large.err,
              HasSubstr("long.feature:1:1: error: the file is larger than 8388608 bytes"));
  EXPECT_LT(large.err.size(), 2000U);
  const Finished line =
      muster({"parse", "--quiet", "--max-file-bytes", "20000000", "long.feature"});
  EXPECT_THAT(line.err, HasSubstr("1:1: error: the line is longer than 65536 bytes"));
  const Finished pickles =
      muster({"parse", "--quiet", "--max-pickles", "3", "features/kinds.feature"});
  EXPECT_THAT(pickles.err, HasSubstr("22:5: error: the file gives more than 3 pickles"));
  EXPECT_EQ(muster({"parse", "--quiet", "--max-pickles", "4", "features/kinds.feature"}).exit_code,
            0);
}

TEST_F(Plumbing, OutputThatCannotBeWrittenIsAnError) {
  for (const char* command : {"parse", "list"}) {
    const Finished done = Command(MUSTER_BIN_DIR "/muster_probes")
                              .args({command, "features/kinds.feature"})
                              .in(tree_.str())
                              .to("/dev/full")
                              .run();
    EXPECT_EQ(done.exit_code, 1) << command;
    EXPECT_THAT(done.err, HasSubstr("cannot write to standard output: No space left"));
  }
}

TEST_F(Plumbing, MatchTellsDefinitionsWithTheirArguments) {
  std::string all;
  for (const char* text :
       {"12 steps have passed", "an ambiguous step", "12 stpes have pased", "nothing like it"}) {
    all += std::string("$ match '") + text + "'\n" + muster({"match", text}).text();
  }
  all += "$ match --json\n" + muster({"match", "--json", "12 steps have passed"}).text();
  expect_golden("app/match.txt", all);
}

TEST_F(Plumbing, MatchTakesAnExpression) {
  std::string all;
  const auto add = [&](const char* expression, const char* text) {
    all += std::string("$ ") + expression + " | " + text + "\n" +
           muster({"match", "--expression", expression, text}).text();
  };
  add("I have {int} cuke(s)/melon(s) in {string}", "I have 5 melons in \"my é belly\"");
  add("I have {int} cukes", "I have no cukes");
  add("I have {int cukes", "x");
  add("^I( do not)? eat (\\d+)$", "I eat 12");
  all += "$ --json\n" +
         muster({"match", "--json", "--expression", "{float} and {}", "1.5 and é 2"}).text();
  expect_golden("app/match_expression.txt", all);
}

TEST_F(Plumbing, MatchTellsARegularExpressionThatIsTooSlow) {
  const Finished done =
      muster({"match", "--expression", "^(a+)+(?!x)$", std::string(30'000, 'a') + "b"});
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.err, HasSubstr("gives no answer within its bound on a text of 30001 bytes"));
}

TEST_F(Plumbing, MatchTakesTags) {
  EXPECT_EQ(muster({"match", "--tags", "@a and not @b", "@a"}).text(),
            "exit 0\n--- out\nselected\n--- err\n");
  EXPECT_EQ(muster({"match", "--tags", "@a and not @b", "@a", "@b"}).text(),
            "exit 1\n--- out\nnot selected\n--- err\n");
  EXPECT_EQ(muster({"match", "--tags", ""}).exit_code, 0);
  EXPECT_THAT(muster({"match", "--tags", "@a and", "@a"}).err,
              HasSubstr("expected an operand after 'and'"));
}

TEST_F(Plumbing, MatchAnswersCases) {
  const std::string cases = R"({"text": "3 steps have passed"}

{"expression": "{word}", "text": "a"}
{"tags": "@a or @b", "given": ["@b"]}
{"tags": "@a or"}
)";
  expect_golden("app/match_cases.txt", muster({"match", "--cases", "-"}, cases).text());
  const Finished bad = muster({"match", "--cases", "-"}, "{\"text\": \"a\"}\n[1\n");
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("-:2:"));
}

TEST_F(Plumbing, MatchAsksAnotherRunner) {
  const std::string probes = MUSTER_BIN_DIR "/muster_probes";
  const auto ask = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"match", "--steps", probes});
    return Command(MUSTER_BIN_DIR "/muster").args(std::move(words)).in(tree_.str()).run();
  };
  EXPECT_EQ(ask({"--json", "12 steps have passed"}).out,
            Command(probes).args({"match", "--json", "12 steps have passed"}).run().out);
  EXPECT_EQ(ask({"12 steps have passed"}).exit_code, 0);
  EXPECT_EQ(ask({"undefined"}).exit_code, 1);
  const Finished none = muster({"match", "--steps", "absent/runner", "a"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("absent/runner: error: cannot be run: No such file"));
}

TEST_F(Plumbing, ListTellsScenarios) {
  std::string all = muster({"list"}).text();
  all += "$ --tags @outline\n" + muster({"list", "--tags", "@outline"}).text();
  all += "$ :18\n" + muster({"list", "features/kinds.feature:18"}).text();
  all += "$ --tags @outlin\n" + muster({"list", "--tags", "@outlin"}).text();
  all += "$ json\n" + muster({"list", "--format", "json", "--tags", "not @outline"}).text();
  expect_golden("app/list.txt", all);
}

TEST_F(Plumbing, StepsTellsDefinitionsHooksAndTypes) {
  const Finished text = muster({"steps"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(
      text.out,
      HasSubstr("step_definitions/probes/probe_steps.cpp:N: STEP(\"{int} steps have passed\")\n"));
  const Finished done = muster({"steps", "--format", "json"});
  const Json json = parse_json(done.out).value_or_throw();
  const auto found = std::find_if(json["steps"].begin(), json["steps"].end(), [](const Json& step) {
    return step["text"] == "{int} steps have passed";
  });
  ASSERT_NE(found, json["steps"].end());
  EXPECT_EQ((*found)["parameterTypes"], Json::array({"int"}));
  EXPECT_EQ((*found)["pattern"], R"(^((?:-?\d+)|(?:\d+)) steps have passed$)");
  EXPECT_EQ((*found)["keyword"], "any");
  EXPECT_GT((*found)["line"].get<int>(), 0);
  EXPECT_EQ(json["parameterTypes"][0]["name"], "int");
  EXPECT_EQ(json["parameterTypes"][0]["builtin"], true);
}

TEST_F(Plumbing, CheckTellsUndefinedAndAmbiguousSteps) {
  const Finished done = muster({"check"});
  const auto word = done.out.find(": unused: ");
  ASSERT_NE(word, std::string::npos);
  const auto unused = done.out.rfind('\n', word) + 1;
  EXPECT_EQ(done.exit_code, 1);
  expect_golden("app/check.txt", done.out.substr(0, unused));
  EXPECT_THAT(done.err, HasSubstr("4 scenarios, 9 steps: 2 undefined, 1 ambiguous, "));
  const Json json = parse_json(muster({"check", "--format", "json"}).out).value_or_throw();
  EXPECT_EQ(json["undefined"].size(), 2U);
  EXPECT_EQ(json["ambiguous"][0]["definitions"].size(), 2U);
  EXPECT_EQ(json["steps"], 9);
}

TEST_F(Plumbing, CheckIsGreenWhereEveryStepHasOneDefinition) {
  EXPECT_EQ(muster({"check", "--tags", "@outline"}).exit_code, 0);
  EXPECT_EQ(muster({"check", "--tags", "@outline", "--strict"}).exit_code, 1);
}

TEST_F(Plumbing, CheckRefusesWhatDoesNotParse) {
  tree_.write("features/bad.feature", "Feature: f\n  Scenario: s\n    Given a\n    oops\n");
  const Finished done = muster({"check"});
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_EQ(done.out, "");
  EXPECT_THAT(done.err, HasSubstr("features/bad.feature:4:"));
}

TEST_F(Plumbing, EveryCommandHasHelpWithAnExample) {
  for (const char* command : {"parse", "match", "list", "steps", "check"}) {
    const Finished done = muster({command, "--help"});
    EXPECT_EQ(done.exit_code, 0) << command;
    EXPECT_THAT(done.out, HasSubstr(std::string("Example: muster ") + command));
  }
}

TEST_F(Plumbing, NamesTheOptionThatWasMeant) {
  EXPECT_THAT(muster({"parse", "--no-sorce", "features/kinds.feature"}).err,
              HasSubstr("did you mean --no-source?"));
  EXPECT_THAT(muster({"lst"}).err, HasSubstr("did you mean muster_probes list?"));
}

}  // namespace
}  // namespace muster::app
