#include <gtest/gtest.h>

#include <functional>

#include "report/format.hpp"
#include "report/narration.hpp"
#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::report {
namespace {

using messages::Status;
using muster::testing::expect_golden;
using muster::testing::TempTree;

/// What `pretty` makes of a run.
std::string told(const std::function<void(Narration&)>& run, bool colour = false) {
  const TempTree tree;
  ReportOptions options;
  options.formats = {{"pretty", tree.str("report")}, {"message", tree.str("messages")}};
  options.colour = colour ? ColourWish::always : ColourWish::never;
  options.stdout_fd = -1;
  options.formats.push_back({"message", ""});
  std::unique_ptr<Reporter> reporter = std::move(open_reports(options)).value_or_throw();
  Narration narration(*reporter);
  run(narration);
  static_cast<void>(reporter->finish());
  return tree.read("report");
}

messages::PickleStepArgument table_of(const std::vector<std::vector<std::string>>& rows) {
  messages::PickleTable table;
  for (const std::vector<std::string>& row : rows) {
    messages::PickleTableRow made;
    for (const std::string& cell : row) made.cells.push_back({cell});
    table.rows.push_back(std::move(made));
  }
  messages::PickleStepArgument argument;
  argument.data_table = std::move(table);
  return argument;
}

messages::PickleStepArgument text_of(const std::string& content, std::optional<std::string> type) {
  messages::PickleStepArgument argument;
  argument.doc_string = messages::PickleDocString{{}, std::move(type), content};
  return argument;
}

messages::StepMatchArgument argument_at(int start, const std::string& value) {
  return {{{}, start, value}, "string"};
}

/// One scenario of three steps, the second of which has the outcome.
std::function<void(Narration&)> outcome(Status status, const std::string& message,
                                        std::size_t definitions = 1) {
  return [=](Narration& run) {
    std::vector<std::string> ids = {
        run.definition("a {tier} workspace {slug} is requested", "steps/hearth.cpp", 12),
        run.definition("it is {status}", "steps/hearth.cpp", 20),
        run.definition("^it is", "steps/other.cpp", 7)};
    run.feature("features/provision.feature", "Provisioning", {"@lifecycle"});
    const std::string id =
        run.scenario("a workspace comes up", 4,
                     {{"Given ",
                       "a pro workspace blue is requested",
                       {ids[0]},
                       {argument_at(2, "pro"), argument_at(16, "blue")}},
                      {"When ",
                       "it is ready",
                       {ids.begin() + 1, ids.begin() + 1 + static_cast<int>(definitions)}},
                      {"Then ", "it is gone", {ids[1]}}},
                     {"@smoke", "@fast"});
    run.end_feature();
    run.run_started();
    if (definitions == 0)
      run.tell(messages::Suggestion{"s1",
                                    run.pickle_step(0, 1).id,
                                    {{"cpp", "WHEN(\"it is ready\") = []() {\n  pending();\n};"}}});
    const bool passes = status == Status::passed;
    run.play(id, {Status::passed, status, passes ? Status::passed : Status::skipped}, message);
    run.run_finished(passes || status == Status::skipped);
  };
}

TEST(Pretty, EveryOutcome) {
  const std::string gap =
      "the chain has a gap after 3 of 9 links\n  missing: ralph.run.started\n\n"
      "  evidence: console answered 503";
  expect_golden("report/pretty/passed.txt", told(outcome(Status::passed, "")));
  expect_golden("report/pretty/failed.txt", told(outcome(Status::failed, gap)));
  expect_golden("report/pretty/skipped.txt", told(outcome(Status::skipped, "no docker here")));
  expect_golden("report/pretty/pending.txt", told(outcome(Status::pending, "to be written")));
  expect_golden("report/pretty/undefined.txt", told(outcome(Status::undefined, "", 0)));
  expect_golden("report/pretty/ambiguous.txt", told(outcome(Status::ambiguous, "", 2)));
  expect_golden("report/pretty/unknown.txt", told(outcome(Status::unknown, "")));
}

TEST(Pretty, EveryOutcomeInColour) {
  expect_golden("report/pretty/passed.colour.txt", told(outcome(Status::passed, ""), true));
  expect_golden("report/pretty/failed.colour.txt", told(outcome(Status::failed, "no\nway"), true));
  expect_golden("report/pretty/skipped.colour.txt", told(outcome(Status::skipped, "later"), true));
  expect_golden("report/pretty/pending.colour.txt", told(outcome(Status::pending, ""), true));
  expect_golden("report/pretty/undefined.colour.txt",
                told(outcome(Status::undefined, "", 0), true));
  expect_golden("report/pretty/ambiguous.colour.txt",
                told(outcome(Status::ambiguous, "", 2), true));
}

TEST(Pretty, FlakyAndFailedAttempts) {
  expect_golden(
      "report/pretty/retries.txt", told([](Narration& run) {
        const std::string id = run.definition("a step", "steps/a.cpp", 3);
        run.feature("features/retry.feature", "Retry");
        const std::string flaky = run.scenario("fails once", 3, {{"Given ", "a step", {id}}});
        const std::string bad = run.scenario("fails for ever", 6, {{"Given ", "a step", {id}}});
        run.end_feature();
        run.run_started();
        run.play(flaky, {Status::failed}, "not yet", 0, true);
        run.play(flaky, {Status::passed}, "", 1);
        run.play(bad, {Status::failed}, "never", 0, true);
        run.play(bad, {Status::failed}, "never", 1);
        run.run_finished(false);
      }));
}

TEST(Pretty, HooksOfScenariosAndOfTheRun) {
  expect_golden(
      "report/pretty/hooks.txt", told([](Narration& run) {
        const std::string step = run.definition("a step", "steps/a.cpp", 3);
        const std::string good = run.hook(messages::HookType::before_test_case, std::nullopt, 5);
        const std::string bad = run.hook(messages::HookType::before_test_case, "database", 9);
        const std::string all = run.hook(messages::HookType::before_test_run, "seed", 13);
        run.feature("features/hooks.feature", "Hooks");
        const std::string quiet =
            run.scenario("all is well", 3, {{"* ", "a step", {step}}}, {}, good);
        const std::string broken =
            run.scenario("the hook fails", 6, {{"* ", "a step", {step}}}, {}, bad);
        run.end_feature();
        run.run_started();
        run.tell(messages::TestRunHookStarted{"h1", "run", all, std::nullopt, run.now()});
        messages::TestRunHookFinished hook{"h1", {}, run.now()};
        hook.result.status = Status::failed;
        hook.result.message = "no database\nat port 5432";
        run.tell(hook);
        run.play(quiet, {Status::passed, Status::passed});
        run.play(broken, {Status::failed, Status::skipped}, "can not connect");
        run.run_finished(false, "a hook of the run failed");
      }));
}

TEST(Pretty, ArgumentsRulesAndAttachments) {
  expect_golden(
      "report/pretty/arguments.txt", told([](Narration& run) {
        const std::string step = run.definition("a step", "steps/a.cpp", 3);
        run.feature("features/args.feature", "Arguments", {"@a", "@b"},
                    "  What a feature is for,\n  in two lines.");
        const std::string first = run.scenario(
            "tables and texts", 6,
            {{"Given ",
              "a table",
              {step},
              {},
              table_of({{"name", "wert"}, {"日本", "a|b"}, {"x\ny", ""}})},
             {"And ", "a text", {step}, {}, text_of("{\n  \"a\": 1\n}\n\nend", "application/json")},
             {"And ", "an empty text", {step}, {}, text_of("", std::nullopt)}});
        run.rule("one at a time", {"@rule"});
        const std::string second =
            run.scenario("within a rule", 20, {{"Given ", "a step", {step}}}, {"@own"});
        const std::string third = run.scenario(
            "a name that is so long that its place can not stand in the column of the others at "
            "all",
            25, {{"Given ", "a step", {step}}});
        run.end_feature();
        run.run_started();
        const std::string id = run.started(first);
        run.step(id, 0, Status::passed);
        run.log(id, "a line of log\nand another");
        run.attach(id, "{\"a\": 1}", "application/json", "state.json");
        run.step(id, 1, Status::passed);
        run.attach(id, "aGVsbG8=", "image/png", "shot.png", messages::ContentEncoding::base64);
        run.step(id, 2, Status::passed);
        run.finished(id);
        run.play(second, {Status::passed});
        run.play(third, {Status::passed});
        run.run_finished(true);
      }));
}

TEST(Pretty, ProgramTextIsNeutral) {
  const std::string hostile =
      "\x1b[31mred\x1b[0m \x07 \xE2\x80\xAE rtl \xFF bad\r\nsecond\x1b]0;title\x07";
  const std::string text = told([&](Narration& run) {
    run.feature("features/\x1b[2J.feature", hostile, {}, hostile);
    const std::string id = run.scenario(
        hostile, 3,
        {{"Given ", hostile, {}, {argument_at(2, hostile.substr(2, 5))}, table_of({{hostile}})},
         {"And ", "x", {}, {}, text_of(hostile, hostile)}});
    run.end_feature();
    run.run_started();
    const std::string started = run.started(id);
    run.log(started, hostile);
    run.attach(started, hostile, "text/plain", hostile);
    run.step(started, 0, Status::failed, hostile);
    run.step(started, 1, Status::skipped);
    run.finished(started);
    run.run_finished(false, hostile);
  });
  for (const char c : text)
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_EQ(text.find('\xFF'), std::string::npos);
  expect_golden("report/pretty/neutral.txt", text);
}

TEST(Pretty, ScenariosAtOnceAreToldOneAfterAnother) {
  const auto run_with = [](bool mixed) {
    return told([mixed](Narration& run) {
      const std::string step = run.definition("a step", "steps/a.cpp", 3);
      run.feature("features/two.feature", "Two");
      const std::vector<Narration::Step> steps = {{"Given ", "a step", {step}},
                                                  {"Then ", "a step", {step}}};
      const std::string first = run.scenario("first", 3, steps);
      const std::string second = run.scenario("second", 7, steps);
      run.end_feature();
      run.run_started();
      if (!mixed) {
        run.play(first, {Status::passed, Status::passed});
        run.play(second, {Status::passed, Status::failed}, "no");
      } else {
        const std::string a = run.started(first);
        const std::string b = run.started(second);
        run.step(b, 0, Status::passed);
        run.step(a, 0, Status::passed);
        run.step(b, 1, Status::failed, "no");
        run.finished(b);
        run.step(a, 1, Status::passed);
        run.finished(a);
      }
      run.run_finished(false);
    });
  };
  EXPECT_EQ(run_with(true), run_with(false));
}

TEST(Pretty, RunsThatNeverCameToTheirEnd) {
  expect_golden("report/pretty/cut_off.txt", told([](Narration& run) {
                  const std::string step = run.definition("a step", "steps/a.cpp", 3);
                  run.feature("features/cut.feature", "Cut");
                  const std::string hangs = run.scenario(
                      "is cut off", 3, {{"Given ", "a step", {step}}, {"Then ", "a step", {step}}});
                  run.scenario("never starts", 7, {{"Given ", "a step", {step}}});
                  run.end_feature();
                  run.run_started();
                  const std::string id = run.started(hangs);
                  run.step(id, 0, Status::passed);
                  run.run_finished(false, "interrupted");
                }));
  expect_golden("report/pretty/empty.txt", told([](Narration& run) {
                  run.run_started();
                  run.run_finished(false, "nothing was selected");
                }));
  expect_golden("report/pretty/malformed.txt", told([](Narration& run) {
                  run.tell(messages::ParseError{{}, "(3:1): expected: #EOF, got 'x'"});
                  run.tell(messages::UndefinedParameterType{"a {colour}", "colour"});
                  run.run_started();
                  run.run_finished(false);
                }));
}

TEST(Pretty, ManyFailuresAreRunAgainByTheirRecord) {
  const std::string text = told([](Narration& run) {
    run.feature("features/it's many.feature", "Many");
    std::vector<std::string> ids;
    for (int i = 0; i < 11; ++i)
      ids.push_back(run.scenario("number " + std::to_string(i), i + 2, {{"Given ", "x"}}));
    run.end_feature();
    run.run_started();
    for (const std::string& id : ids) run.play(id, {Status::failed}, "no");
    run.run_finished(false);
  });
  EXPECT_NE(text.find("  muster run --last-failed\n"), std::string::npos) << text;
  const std::string one = told([](Narration& run) {
    run.feature("features/it's one.feature", "One");
    const std::string id = run.scenario("one", 2, {{"Given ", "x"}});
    run.end_feature();
    run.run_started();
    run.play(id, {Status::failed}, "no");
    run.run_finished(false);
  });
  EXPECT_NE(one.find(R"(  muster run 'features/it'\''s one.feature:2')"), std::string::npos) << one;
}

}  // namespace
}  // namespace muster::report
