// What programs and bodies print, in every report.
#include "base/text.hpp"
#include "fixtures/worlds/report_check.hpp"
#include "fixtures/worlds/workbench.hpp"
#include "muster/step.hpp"
#include "preflight/check_program.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

void expect_none(const std::vector<std::string>& found) {
  for (const std::string& one : found) ADD_FAILURE() << one;
}

}  // namespace

THEN("the runner's {string} has {string} and nothing that a terminal or a CI system obeys") =
    [](Workbench& bench, std::string file, std::string mark) {
      const std::string text = bench.read(file);
      EXPECT_GE(count_of(mark, text), 1U) << text.substr(0, 2'000);
      expect_none(terminal_controls(text));
      expect_none(ci_commands(text, {}));
    };

THEN("the runner's {string} has {string} and nothing that a CI system obeys but:") =
    [](Workbench& bench, std::string file, std::string mark, const Table& own) {
      std::vector<std::string> allowed;
      for (const auto& row : own.rows()) allowed.push_back(row.at(0));
      const std::string text = bench.read(file);
      EXPECT_GE(count_of(mark, text), 1U) << text.substr(0, 2'000);
      EXPECT_GE(ci_commands(text, {}).size(), 1U) << "there are commands of its own";
      expect_none(terminal_controls(text));
      expect_none(ci_commands(text, allowed));
    };

THEN("what the runner said has {string}, and colours are all that is obeyed") =
    [](Workbench& bench, std::string mark) {
      EXPECT_GE(count_of(mark, bench.output()), 1U) << bench.output();
      EXPECT_FALSE(terminal_controls(bench.output()).empty()) << "there are no colours";
      expect_none(terminal_controls(bench.output(), /*coloured=*/true));
      expect_none(ci_commands(bench.output(), {}));
    };

/// By a parser that nobody here wrote, which refuses all that XML 1.0 does not allow.
THEN("the runner's {string} is XML, whose texts have {string}",
     timeout(std::chrono::seconds(15))) = [](Workbench& bench, std::string file, std::string mark) {
  const std::string script =
      "import sys, xml.etree.ElementTree as tree\nroot = "
      "tree.parse(sys.argv[1]).getroot()\nprint(''.join(root.itertext()), [e.attrib for e in "
      "root.iter()], {e.tag for e in root.iter()})";
  const preflight::ProgramCall call{"python3",
                                    {"python3", "-c", script, bench.path(file)},
                                    preflight::plain_environment(),
                                    bench.path("")};
  const auto read =
      preflight::run_program(call, preflight::Deadline(std::chrono::seconds(10))).value_or_throw();
  EXPECT_TRUE(read.exit.success()) << read.err;
  EXPECT_GE(count_of(mark, read.out), 1U) << read.out;
  EXPECT_EQ(count_of("script", read.out.substr(read.out.rfind('{'))), 0U) << read.out;
};

THEN("the runner's {string} has {string}, and as many scripts, pictures and frames as {string}") =
    [](Workbench& bench, std::string file, std::string mark, std::string benign) {
      const std::string page = bench.read(file);
      const std::string other = bench.read(benign);
      EXPECT_GE(count_of(mark, page), 1U);
      EXPECT_GE(count_of("<script", other), 1U) << "it is no report";
      for (const char* markup : {"<script", "</script", "<img", "<iframe", "<svg", "<!--", "<base",
                                 "href=\"javascript:"})
        EXPECT_EQ(count_of(markup, page), count_of(markup, other)) << markup;
      for (const char* rule :
           {"http-equiv=\"Content-Security-Policy\"", "default-src 'none'", "script-src 'nonce-"})
        EXPECT_EQ(count_of(rule, page), 1U) << rule;
    };
