#include <gtest/gtest.h>

#include "report/html_reporter.hpp"
#include "report/narrated_runs.hpp"
#include "report/told_for_tests.hpp"
#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::report {
namespace {

using muster::testing::expect_golden;
using muster::testing::TempTree;

/// A page like the real one, so that golden files stay readable.
constexpr HtmlAssets kAssets{
    "<html>\n<head>\n<title>{{title}}</title>\n<link rel=\"icon\" href=\"{{icon}}\">\n<style>\n"
    "{{css}}\n</style>\n<style>\n{{custom_css}}\n</style>\n</head>\n<body>\n<script>\n"
    "window.CUCUMBER_MESSAGES = [{{messages}}];\n</script>\n<script>\n{{script}}\n</script>\n"
    "<script>\n{{custom_script}}\n</script>\n</body>\n</html>\n",
    "body { color: {{css}} }", "show('<script>{{messages}}');", "data:,icon", "the licence"};

std::string page(void (*tell)(Narration&)) {
  const TempTree tree;
  auto out = std::move(LineWriter::document(tree.str("report.html"))).value_or_throw();
  HtmlReporter reporter(std::move(out), kAssets, "the-nonce");
  Narration run(reporter);
  tell(run);
  EXPECT_TRUE(reporter.finish().ok());
  return tree.read("report.html");
}

TEST(Html, OfEveryRun) {
  for (const NarratedRun& run : kNarratedRuns)
    expect_golden(std::string("report/html/") + run.name + ".html", page(run.tell));
}

TEST(Html, TextOfProgramsIsNoMarkup) {
  const std::string text = page(narrated::texts);
  const std::size_t begin = text.find("CUCUMBER_MESSAGES");
  const std::size_t end = text.find("];\n</script>", begin);
  ASSERT_NE(end, text.npos);
  const std::string data = text.substr(begin, end - begin);
  EXPECT_EQ(data.find('<'), data.npos);
  EXPECT_EQ(data.find("\u2028"), data.npos);
  EXPECT_NE(data.find("\\x3C/script>"), data.npos);
  EXPECT_NE(data.find("\\u2028\\u2029"), data.npos);
}

TEST(Html, TakesTheBuiltReport) {
  if (html_assets() == nullptr) GTEST_SKIP() << "ci/npm/node_modules is absent: run ci/setup";
  const std::string text = told("html", narrated::shapes).text;
  EXPECT_NE(text, told("html", narrated::shapes).text);  // the nonce differs
  EXPECT_GT(text.size(), 500'000u);
  EXPECT_TRUE(text.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(text.find("\"state.json\""), text.npos);
  EXPECT_EQ(text.find("{{"), text.find("{{", text.find(html_assets()->script)));
  EXPECT_TRUE(text.ends_with("</html>\n"));
}

}  // namespace
}  // namespace muster::report
