// Every format × every narrated run is a golden file: fixtures/golden/report/<format>/<run>.<ext>.
#include "testing/golden.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <set>

#include "base/json.hpp"
#include "report/format.hpp"
#include "report/narrated_runs.hpp"
#include "testing/temp_tree.hpp"

namespace muster::report {
namespace {

using muster::testing::expect_golden;
using muster::testing::TempTree;

/// What the format makes of a run.
std::string told(const std::string& format, void (*tell)(Narration&)) {
  const TempTree tree;
  ReportOptions options;
  options.formats = {{format, tree.str("report")}, {"message", "/dev/null"}, {"summary", ""}};
  options.colour = ColourWish::never;
  options.stdout_fd = -1;
  options.environment = [](std::string_view) { return std::nullopt; };
  const auto reports = std::move(open_reports(options)).value_or_throw();
  Narration run(*reports);
  tell(run);
  static_cast<void>(reports->finish());  // of standard output, which is none
  return tree.read("report");
}

struct Golden {
  const char* format;
  const char* extension;
};

constexpr Golden kGoldens[] = {
    {"junit", "xml"},
    {"message", "ndjson"},
    {"pretty", "txt"},
    {"summary", "txt"},
};

class EveryFormat : public ::testing::TestWithParam<Golden> {};

TEST_P(EveryFormat, OfEveryRun) {
  for (const NarratedRun& run : kNarratedRuns)
    expect_golden(
        std::string("report/") + GetParam().format + "/" + run.name + "." + GetParam().extension,
        told(GetParam().format, run.tell));
}

INSTANTIATE_TEST_SUITE_P(Golden, EveryFormat, ::testing::ValuesIn(kGoldens),
                         [](const auto& golden) { return std::string(golden.param.format); });

TEST(Golden, JunitIsXmlOfItsSchema) {
  for (const NarratedRun& run : kNarratedRuns) {
    pugi::xml_document document;
    const std::string text = told("junit", run.tell);
    ASSERT_TRUE(document.load_string(text.c_str())) << run.name;
    std::set<std::string> names;
    int tests = 0;
    for (const pugi::xml_node suite : document.child("testsuites").children("testsuite")) {
      int count[4] = {};
      for (const pugi::xml_node each : suite.children("testcase")) {
        ++tests;
        ++count[0];
        count[1] += each.child("failure") ? 1 : 0;
        count[2] += each.child("error") ? 1 : 0;
        count[3] += each.child("skipped") ? 1 : 0;
        const std::string name = std::string(each.attribute("classname").value()) + "\n" +
                                 each.attribute("name").value();
        EXPECT_TRUE(names.insert(name).second) << name;
      }
      EXPECT_EQ(suite.attribute("tests").as_int(), count[0]) << run.name;
      EXPECT_EQ(suite.attribute("failures").as_int(), count[1]) << run.name;
      EXPECT_EQ(suite.attribute("errors").as_int(), count[2]) << run.name;
      EXPECT_EQ(suite.attribute("skipped").as_int(), count[3]) << run.name;
    }
    EXPECT_GT(tests, 0) << run.name;
  }
}

}  // namespace
}  // namespace muster::report
