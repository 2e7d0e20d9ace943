// Every format × every narrated run is a golden file: fixtures/golden/report/<format>/<run>.<ext>.
#include "testing/golden.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "report/narrated_runs.hpp"
#include "report/told_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::report {
namespace {

using muster::testing::expect_golden;

struct Golden {
  const char* format;
  const char* extension;
};

constexpr Golden kGoldens[] = {
    {"github", "txt"},  {"json", "json"},  {"junit", "xml"},    {"message", "ndjson"},
    {"otlp", "json"},   {"pretty", "txt"}, {"progress", "txt"}, {"rerun", "txt"},
    {"summary", "txt"}, {"tap", "tap"},    {"teamcity", "txt"}, {"trace", "json"},
    {"usage", "txt"},
};

/// The report, and the page that `github` writes beside it.
std::string told_page(const std::string& format, void (*tell)(Narration&)) {
  const Told report = told(format, tell);
  return report.text + (report.page.empty() ? "" : "==== step summary ====\n" + report.page);
}

class EveryFormat : public ::testing::TestWithParam<Golden> {};

TEST_P(EveryFormat, OfEveryRun) {
  for (const NarratedRun& run : kNarratedRuns)
    expect_golden(
        std::string("report/") + GetParam().format + "/" + run.name + "." + GetParam().extension,
        told_page(GetParam().format, run.tell));
}

INSTANTIATE_TEST_SUITE_P(Golden, EveryFormat, ::testing::ValuesIn(kGoldens),
                         [](const auto& golden) { return std::string(golden.param.format); });

TEST(Golden, JunitIsXmlOfItsSchema) {
  for (const NarratedRun& run : kNarratedRuns) {
    pugi::xml_document document;
    const std::string text = told("junit", run.tell).text;
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

TEST(Golden, JsonIsOneDocument) {
  for (const NarratedRun& run : kNarratedRuns) {
    const auto parsed = parse_json(told("json", run.tell).text);
    ASSERT_TRUE(parsed.ok()) << run.name << ": " << parsed.error().message;
    ASSERT_TRUE(parsed->is_array());
    EXPECT_FALSE(parsed->empty()) << run.name;
    for (const Json& feature : *parsed)
      for (const Json& element : feature.at("elements"))
        EXPECT_TRUE(element.at("type") == "scenario" || element.at("type") == "background");
  }
}

TEST(Golden, TapNumbersItsPointsAndPlansThem) {
  for (const NarratedRun& run : kNarratedRuns) {
    const std::vector<std::string> lines = split(told("tap", run.tell).text, '\n');
    EXPECT_EQ(lines.front(), "TAP version 14");
    int points = 0;
    for (const std::string& line : lines) {
      if (!line.starts_with("ok ") && !line.starts_with("not ok ")) continue;
      const std::string number = std::to_string(++points);
      EXPECT_EQ(line.substr(line.find("ok ") + 3, number.size() + 3), number + " - ");
    }
    EXPECT_EQ(lines.at(lines.size() - 2), "1.." + std::to_string(points)) << run.name;
  }
}

/// Whether a line is one service message whose values hold no bare quote or bracket.
bool is_service_message(std::string_view line) {
  if (!line.starts_with("##teamcity[") || !line.ends_with("]")) return false;
  line = line.substr(11, line.size() - 12);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (static_cast<unsigned char>(line[i]) < 0x20 || static_cast<unsigned char>(line[i]) >= 0x7F)
      return false;
    if (quoted && line[i] == '|') {
      ++i;
    } else if (line[i] == '\'') {
      quoted = !quoted;
    } else if (line[i] == '[' || line[i] == ']') {
      return false;
    }
  }
  return !quoted;
}

TEST(Golden, TeamcitySpeaksInServiceMessagesAlone) {
  for (const NarratedRun& run : kNarratedRuns)
    for (const std::string& line : split(told("teamcity", run.tell).text, '\n'))
      EXPECT_TRUE(line.empty() || is_service_message(line)) << line;
}

TEST(Golden, ProgramTextIsNeutralForPeopleAndForCi) {
  for (const std::string format : {"github", "pretty", "progress", "summary", "tap", "usage"}) {
    const std::string text = told(format, narrated::texts).text;
    EXPECT_EQ(text.find("\xE2\x80\xAE"), text.npos) << format;
    for (const std::string& line : split(text, '\n')) {
      for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
      const std::string_view words = trim(line);
      const bool own =
          format == "github" &&
          (line.starts_with("::error ") || line.starts_with("::group::") || line == "::endgroup::");
      if (own) continue;
      EXPECT_FALSE(words.starts_with("::")) << line;
      EXPECT_EQ(line.find("##["), line.npos) << line;
      EXPECT_EQ(line.find("##teamcity["), line.npos) << line;
    }
  }
}

TEST(Golden, GithubShowsTenOfAKindAndCountsTheRest) {
  const auto many = [](Narration& run) {
    run.feature("features/many.feature", "Many");
    std::vector<std::string> ids;
    for (int i = 0; i < 13; ++i)
      ids.push_back(run.scenario("number " + std::to_string(i), i + 2, {{"Given ", "x"}}));
    run.end_feature();
    run.run_started();
    for (const std::string& id : ids) run.play(id, {messages::Status::failed}, "no");
    run.run_finished(false);
  };
  int errors = 0;
  const std::string text = told("github", many).text;
  for (const std::string& line : split(text, '\n')) errors += line.starts_with("::error ") ? 1 : 0;
  EXPECT_EQ(errors, 10);
  EXPECT_NE(text.find("::error title=muster::and 4 more, see the log of the step\n"), text.npos);
}

TEST(Golden, GithubPageStaysBelowItsLimit) {
  const auto huge = [](Narration& run) {
    run.feature("features/huge.feature", "Huge");
    std::vector<std::string> ids;
    for (int i = 0; i < 6; ++i)
      ids.push_back(run.scenario("number " + std::to_string(i), i + 2, {{"Given ", "x"}}));
    run.end_feature();
    run.run_started();
    for (const std::string& id : ids)
      run.play(id, {messages::Status::failed}, std::string(60'000, '<'));
    run.run_finished(false);
  };
  const std::string page = told("github", huge).page;
  EXPECT_LE(page.size(), 900u * 1024);
  EXPECT_GE(page.size(), 600u * 1024);
  EXPECT_NE(page.find(" more that did not pass\n"), page.npos);
}

}  // namespace
}  // namespace muster::report
