#pragma once

#include <array>
#include <string>

#include "report/broken_play.hpp"
#include "report/narration.hpp"

namespace muster::report {

/// A run that is told to every format. For tests only.
struct NarratedRun {
  const char* name;
  void (*tell)(Narration& run);
};

namespace narrated {

using messages::Status;

inline messages::PickleStepArgument table_of(const std::vector<std::vector<std::string>>& rows) {
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

inline messages::PickleStepArgument text_of(const std::string& content,
                                            std::optional<std::string> type) {
  messages::PickleStepArgument argument;
  argument.doc_string = messages::PickleDocString{{}, std::move(type), content};
  return argument;
}

inline messages::StepMatchArgument argument_at(int start, const std::string& value) {
  return {{{}, start, value}, "string"};
}

inline void meta(Narration& run) {
  messages::Meta meta;
  meta.implementation = {"muster", "0.1.0"};
  meta.runtime = {"g++", "12"};
  meta.os = {"Linux", "6.1"};
  meta.cpu = {"x86_64", std::nullopt};
  messages::Ci ci;
  ci.name = "Sample CI";
  ci.url = "https://ci.example/7?a=1&b=2";
  ci.build_number = "7";
  ci.git = messages::Git{"https://git.example/it", "c0ffee", "main", std::nullopt};
  meta.ci = std::move(ci);
  run.tell(meta);
}

/// Everything is well; a scenario without steps and a skipped one too.
inline void good(Narration& run) {
  meta(run);
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  run.feature("features/good.feature", "Good", {"@fast"}, "  All is well.");
  const std::string first = run.scenario("one", 3, {{"Given ", "a step", {step}}}, {"@smoke"});
  const std::string empty = run.scenario("nothing to do", 6, {});
  run.end_feature();
  run.feature("features/better.feature", "");
  const std::string second = run.scenario("two", 2, {{"Given ", "a step", {step}}});
  run.end_feature();
  run.run_started();
  run.play(first, {Status::passed});
  run.play(empty, {});
  run.play(second, {Status::passed});
  run.run_finished(true);
}

/// Each outcome of a step.
inline void outcomes(Narration& run) {
  meta(run);
  const std::string one = run.definition("a {tier} workspace {slug}", "steps/hearth.cpp", 12);
  const std::string two = run.definition("it is {status}", "steps/hearth.cpp", 20);
  const std::string three = run.definition("^it is", "steps/other.cpp", 7);
  run.definition("nobody says this", "steps/other.cpp", 30);
  run.feature("features/outcomes.feature", "Outcomes", {"@lifecycle"});
  const auto scenario = [&](const std::string& name, int line,
                            const std::vector<std::string>& definitions) {
    return run.scenario(name, line,
                        {{"Given ",
                          "a pro workspace blue",
                          {one},
                          {argument_at(2, "pro"), argument_at(16, "blue")}},
                         {"When ", "it is ready", definitions},
                         {"Then ", "it is gone", {two}}},
                        {"@smoke"});
  };
  const std::string passed = scenario("passes", 4, {two});
  const std::string failed = scenario("fails", 14, {two});
  const std::string silent = scenario("fails without a word", 24, {two});
  const std::string skipped = scenario("is skipped with a reason", 34, {two});
  const std::string bare = scenario("is skipped without one", 44, {two});
  const std::string pending = scenario("is pending", 54, {two});
  const std::string undefined = scenario("is undefined", 64, {});
  const std::string ambiguous = scenario("is ambiguous", 74, {two, three});
  const std::string unknown = scenario("is unknown", 84, {two});
  run.end_feature();
  run.run_started();
  run.tell(messages::Suggestion{"s1",
                                run.pickle_step(6, 1).id,
                                {{"cpp", "WHEN(\"it is ready\") = []() {\n  pending();\n};"}}});
  run.play(passed, {Status::passed, Status::passed, Status::passed});
  run.play(failed, {Status::passed, Status::failed, Status::skipped},
           "the chain has a gap after 3 of 9 links\n  missing: ralph.run.started\n\n"
           "  evidence: console answered 503");
  run.play(silent, {Status::passed, Status::failed, Status::skipped});
  run.play(skipped, {Status::passed, Status::skipped, Status::skipped}, "no docker here");
  run.play(bare, {Status::passed, Status::skipped, Status::skipped});
  run.play(pending, {Status::passed, Status::pending, Status::skipped}, "to be written");
  run.play(undefined, {Status::passed, Status::undefined, Status::skipped});
  run.play(ambiguous, {Status::passed, Status::ambiguous, Status::skipped});
  run.play(unknown, {Status::passed, Status::unknown, Status::skipped});
  run.run_finished(false);
}

/// Scenarios that pass only when tried again, that never pass, that are cut off between attempts.
inline void retries(Narration& run) {
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  const std::string hook = run.hook(messages::HookType::before_test_case, "database", 9);
  run.feature("features/retry.feature", "Retry");
  const std::string flaky = run.scenario("fails once", 3, {{"Given ", "a step", {step}}});
  const std::string twice =
      run.scenario("its hook fails twice", 6, {{"Given ", "a step", {step}}}, {}, hook);
  const std::string bad = run.scenario("fails for ever", 9, {{"Given ", "a step", {step}}});
  const std::string open = run.scenario("is not tried again", 12, {{"Given ", "a step", {step}}});
  run.end_feature();
  run.run_started();
  run.play(flaky, {Status::failed}, "not yet", 0, true);
  run.play(flaky, {Status::passed}, "", 1);
  run.play(twice, {Status::failed, Status::skipped}, "no database", 0, true);
  run.play(twice, {Status::failed, Status::skipped}, "still none", 1, true);
  run.play(twice, {Status::passed, Status::passed}, "", 2);
  run.play(bad, {Status::failed}, "never", 0, true);
  run.play(bad, {Status::failed}, "never ever", 1, true);
  run.play(bad, {Status::failed}, "no", 2);
  run.play(open, {Status::failed}, "once", 0, true);
  run.run_finished(false);
}

/// Hooks of scenarios and of the run, good and bad ones.
inline void hooks(Narration& run) {
  using messages::HookType;
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  const std::string good = run.hook(HookType::before_test_case, std::nullopt, 5);
  const std::string bad = run.hook(HookType::before_test_case, "database", 9);
  const std::string after = run.hook(HookType::after_test_case, "tidy up", 11);
  const std::string seed = run.hook(HookType::before_test_run, "seed", 13);
  const std::string sweep = run.hook(HookType::after_test_run, "sweep", 17);
  run.feature("features/hooks.feature", "Hooks");
  const std::vector<Narration::Step> steps = {{"* ", "a step", {step}}};
  const std::string quiet = run.scenario("all is well", 3, steps, {}, good, after);
  const std::string broken = run.scenario("the hook before fails", 6, steps, {}, bad);
  const std::string late = run.scenario("the hook behind fails", 9, steps, {}, good, after);
  const std::string both = run.scenario("step and hook fail", 12, steps, {}, "", after);
  const std::string unwanted = run.scenario("the hook skips", 15, steps, {}, bad);
  run.end_feature();
  run.run_started();
  run.run_hook(seed, Status::passed, "ten rows\nof seed");
  run.play(quiet, {Status::passed, Status::passed, Status::passed});
  run.play(broken, {Status::failed, Status::skipped}, "can not connect");
  run.play(late, {Status::passed, Status::passed, Status::failed}, "a child was left");
  const std::string id = run.started(both);
  run.step(id, 0, Status::failed, "the step's words");
  run.log(id, "the hook's log");
  run.step(id, 1, Status::failed, "the hook's words");
  run.finished(id);
  run.play(unwanted, {Status::skipped, Status::skipped}, "no docker here");
  run.run_hook(sweep, Status::failed, "", "2 containers are left\nout of 3");
  run.run_finished(false, "a hook of the run failed");
}

/// Background, rules, outlines, tables, doc strings, attachments.
inline void shapes(Narration& run) {
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  run.feature("features/shapes.feature", "Shapes", {"@a", "@b"},
              "  What a feature is for,\n  in two lines.");
  run.background("ground", 4, {{"Given ", "a step", {step}}});
  const std::string first = run.scenario(
      "tables and texts", 8,
      {{"Given ",
        "a table",
        {step},
        {},
        table_of({{"name", "wert"}, {"日本", "a|b"}, {"x\ny", ""}})},
       {"And ", "a text", {step}, {}, text_of("{\n  \"a\": 1\n}\n\nend", "application/json")},
       {"And ", "an empty text", {step}, {}, text_of("", std::nullopt)}});
  const std::vector<std::string> rows =
      run.outline("eating", 20, "lunch",
                  {{26, "eating", {{"When ", "I eat 3", {step}, {argument_at(6, "3")}}}},
                   {27, "eating", {{"When ", "I eat 12", {step}, {argument_at(6, "12")}}}}});
  const std::string same = run.scenario("a name of two", 29, {{"Given ", "a step", {step}}});
  const std::string again = run.scenario("a name of two", 31, {{"Given ", "a step", {step}}});
  run.rule("one at a time", {"@rule"});
  const std::string inner =
      run.scenario("within a rule", 40, {{"Given ", "a step", {step}}}, {"@own"});
  run.end_feature();
  run.run_started();
  const std::string id = run.started(first);
  run.step(id, 0, Status::passed);
  run.log(id, "a line of log\nand another");
  run.attach(id, "{\"a\": 1}", "application/json", "state.json");
  run.attach(id, "https://example.org/a?b=1&c=2", "text/uri-list");
  run.step(id, 1, Status::passed);
  run.attach(id, "aGVsbG8=", "image/png", "shot.png", messages::ContentEncoding::base64);
  run.attach(id, "aGVsbG8=", "text/plain", "hello.txt", messages::ContentEncoding::base64);
  run.step(id, 2, Status::passed);
  run.step(id, 3, Status::passed);
  run.finished(id);
  run.play(rows[0], {Status::passed, Status::passed});
  run.play(rows[1], {Status::passed, Status::failed}, "12 is too many");
  run.play(same, {Status::passed, Status::passed});
  run.play(again, {Status::passed, Status::passed});
  run.play(inner, {Status::passed, Status::passed});
  run.run_finished(false);
}

/// Texts of programs that mean harm, or are wide, or no text at all.
inline void texts(Narration& run) {
  const std::string hostile =
      "\x1b[31mred\x1b[0m \x07 \xE2\x80\xAE rtl \xFF bad ]]> </script><!-- &amp; 'a' \"b\" |x] #1 "
      "\xEF\xBF\xBF\r\nsecond\x1b]0;title\x07 ```\n::set-output name=x::1\n##[error]no\n"
      "##teamcity[buildStop]";
  const std::string step = run.definition(hostile, "steps/\x1b[2J.cpp", 3);
  run.feature("features/\x1b[2J, a:b%.feature", hostile, {}, hostile);
  const std::string bad = run.scenario(
      hostile, 3,
      {{"Given ", hostile, {step}, {argument_at(2, hostile.substr(2, 5))}, table_of({{hostile}})},
       {"And ", "x", {}, {}, text_of(hostile, hostile)}});
  run.end_feature();
  run.feature("features/広い.feature", "広い文字 \xF0\x9F\x8D\xA3 e\xCC\x81");
  const std::string wide = run.scenario("表の幅", 3,
                                        {{"前提",
                                          "広い 表",
                                          {},
                                          {argument_at(3, "表")},
                                          table_of({{"名前", "a"}, {"x", "\xF0\x9F\x8D\xA3"}})}});
  run.end_feature();
  run.run_started();
  const std::string id = run.started(bad);
  run.log(id, hostile);
  run.attach(id, hostile, "text/plain", hostile);
  run.step(id, 0, Status::failed, hostile);
  run.step(id, 1, Status::skipped);
  run.finished(id);
  run.play(wide, {Status::failed}, "期待 1、実際 2\u2028\u2029");
  run.run_finished(false, hostile);
}

/// A run that was interrupted.
inline void cut_off(Narration& run) {
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  run.feature("features/cut.feature", "Cut");
  const std::vector<Narration::Step> steps = {{"Given ", "a step", {step}},
                                              {"Then ", "a step", {step}}};
  const std::string good = run.scenario("is done", 3, steps);
  const std::string hangs = run.scenario("is cut off", 6, steps);
  run.scenario("never starts", 9, {{"Given ", "a step", {step}}});
  run.end_feature();
  run.run_started();
  run.play(good, {Status::passed, Status::passed});
  const std::string id = run.started(hangs);
  run.step(id, 0, Status::passed);
  run.log(id, "last words");
  run.run_finished(false, "interrupted");
}

/// Nothing could be run.
inline void malformed(Narration& run) {
  messages::ParseError error;
  error.source.uri = "features/bad.feature";
  error.source.location = messages::Location{3, 1};
  error.message = "(3:1): expected: #EOF, got 'x'";
  run.tell(error);
  run.tell(messages::UndefinedParameterType{"a {colour}", "colour"});
  run.run_started();
  run.run_finished(false);
}

inline void empty(Narration& run) {
  run.run_started();
  run.run_finished(false, "nothing was selected");
}

/// A play that broke, with its timeline: a call that was refused, a program that never ended.
inline void timeline(Narration& run) {
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  run.feature("features/play.feature", "Play");
  const std::string id =
      run.scenario("the play", 3,
                   {{"Given ", "the programs run", {step}}, {"Then ", "the chain holds", {step}}});
  run.end_feature();
  run.run_started();
  const std::string started = run.started(id);
  run.step(started, 0, Status::passed);
  run.step(started, 1, Status::failed, "FAIL  gap C: the bearer was rejected (401)");
  run.attach(started, messages::to_text(broken_play()), std::string(messages::Timeline::kMediaType),
             std::string(messages::Timeline::kFileName));
  run.finished(started);
  run.run_finished(false);
}

/// The stream ends without a word.
inline void torn(Narration& run) {
  const std::string step = run.definition("a step", "steps/a.cpp", 3);
  run.feature("features/torn.feature", "Torn");
  const std::string id = run.scenario("is torn", 3, {{"Given ", "a step", {step}}});
  run.end_feature();
  run.run_started();
  run.play(id, {Status::passed});
}

}  // namespace narrated

inline constexpr std::array kNarratedRuns = {
    NarratedRun{"good", narrated::good},         NarratedRun{"outcomes", narrated::outcomes},
    NarratedRun{"retries", narrated::retries},   NarratedRun{"hooks", narrated::hooks},
    NarratedRun{"shapes", narrated::shapes},     NarratedRun{"texts", narrated::texts},
    NarratedRun{"cut_off", narrated::cut_off},   NarratedRun{"malformed", narrated::malformed},
    NarratedRun{"timeline", narrated::timeline}, NarratedRun{"empty", narrated::empty},
    NarratedRun{"torn", narrated::torn},
};

}  // namespace muster::report
