#include <gtest/gtest.h>

#include <functional>

#include "report/format.hpp"
#include "report/narrated_runs.hpp"
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

TEST(Pretty, Colours) {
  expect_golden("report/pretty/outcomes.colour.txt", told(narrated::outcomes, true));
  expect_golden("report/pretty/shapes.colour.txt", told(narrated::shapes, true));
  expect_golden("report/pretty/hooks.colour.txt", told(narrated::hooks, true));
}

TEST(Pretty, ProgramTextIsNeutral) {
  const std::string text = told(narrated::texts);
  for (const char c : text)
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_EQ(text.find('\xFF'), std::string::npos);
  EXPECT_EQ(text.find("\n        ::"), std::string::npos);
  EXPECT_EQ(text.find("\n        ##"), std::string::npos);
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
