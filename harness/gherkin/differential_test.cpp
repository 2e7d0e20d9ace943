// The same files through npm @cucumber/gherkin and through this parser: equal envelopes, ids and
// errors included.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "base/json.hpp"
#include "base/text.hpp"
#include "gherkin/dialect.hpp"
#include "gherkin/gherkin.hpp"
#include "messages/messages.hpp"
#include "testing/temp_tree.hpp"

namespace muster::gherkin {
namespace {

struct Case {
  std::string uri;
  std::string text;
};

template <class Message>
void add(Json& envelopes, const Message& message) {
  std::string line;
  messages::append_message(line, message);
  envelopes.push_back(parse_json(line, 200).value());
}

Json envelopes_of(const Case& c) {
  IncrementalIds ids;
  const ParsedFeature parsed = parse(c.uri, c.text, ids);
  Json envelopes = Json::array();
  add(envelopes, parsed.source);
  for (const auto& error : parsed.errors) add(envelopes, error);
  if (!parsed.ok()) return envelopes;
  add(envelopes, parsed.document);
  for (const auto& pickle : parsed.pickles) add(envelopes, pickle);
  return envelopes;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool reference_is_there() {
  return std::filesystem::exists(MUSTER_SOURCE_DIR "/ci/npm/node_modules/@cucumber/gherkin") &&
         dialects().size() > 1;
}

/// Asks npm about all cases at once and compares; returns how many of them have pickles and how
/// many errors.
std::pair<int, int> compare(const std::vector<Case>& cases) {
  testing::TempTree tree;
  std::string input;
  for (const Case& c : cases) input += dump_json({{"uri", c.uri}, {"text", c.text}}) + "\n";
  tree.write("in.ndjson", input);
  const std::string out = tree.str("out.ndjson");
  const std::string command = "node '" MUSTER_SOURCE_DIR "/ci/gherkin_reference.mjs' < '" +
                              tree.str("in.ndjson") + "' > '" + out + "'";
  const int status = std::system(command.c_str());
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  const auto lines = split(tree.read("out.ndjson"), '\n');
  EXPECT_EQ(lines.size(), cases.size() + 1);
  int with_pickles = 0;
  int with_errors = 0;
  for (std::size_t i = 0; i < cases.size() && i + 1 < lines.size(); ++i) {
    const Json expected = parse_json(lines[i], 200).value();
    const Json actual = envelopes_of(cases[i]);
    if (actual != expected) {
      ADD_FAILURE() << cases[i].text << "\n" << Json::diff(expected, actual).dump(1);
      break;
    }
    with_pickles += expected.back().contains("pickle");
    with_errors += expected.back().contains("parseError");
  }
  return {with_pickles, with_errors};
}

/// Makes feature files of pieces that matter to the grammar.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string soup() {
    std::string text;
    for (int lines = below(25); lines > 0; --lines) text += any_line() + end();
    return text;
  }

  /// A Markdown file. Fences stand below steps only: the official matcher takes one in a
  /// description for the begin of a doc string that never ends.
  std::string markdown() {
    std::string text =
        pick({"", "`@a` `@é`\n", "tags: `@b`\n"}) + pick({"# Feature: f\n", "## Ability:\n"});
    for (int sections = below(6); sections > 0; --sections) {
      text += prose() + pick({"## Scenario: s\n", "### Scenario Outline: <v>\n",
                              "## Rule: r\n### Scenario:\n", "`@c`\n## Example:\n"});
      text += prose();
      for (int steps = below(4); steps > 0; --steps) {
        text += pick({"* Given <v>\n", " *  When x\n", "- And y\n", "+ But z\n"});
        text += pick({"", "", "  | v |\n  | - |\n  | <v> |\n", "````xml <v>\n  a\n```\n````\n",
                      "  ```\n    deep\n low\n  ```\n"});
      }
      if (one_in(2)) text += "### Examples:\n" + prose() + "  | v |\n  |:-:|\n  | 1 |\n  | 2 |\n";
    }
    return text;
  }

  /// A well-formed file, with a few lines disturbed if `faults`.
  std::string feature(bool faults) {
    lines_.clear();
    maybe_tags();
    add(pick({"Feature: f", "Ability:", "Business Need: é"}));
    body(true);
    for (int rules = below(3); rules > 0; --rules) {
      maybe_tags();
      add("Rule: r");
      body(true);
    }
    if (faults) disturb();
    std::string text;
    for (const auto& line : lines_) text += line + end();
    return text;
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  std::string pick(std::initializer_list<const char*> texts) {
    return *(texts.begin() + below(static_cast<int>(texts.size())));
  }
  std::string end() { return one_in(20) ? "\r\n" : "\n"; }
  void add(std::string line) {
    const std::string indent = one_in(30) ? pick({"\t", "\u00A0", "\uFEFF", "\u3000 "})
                                          : std::string(static_cast<std::size_t>(below(7)), ' ');
    lines_.push_back(indent + std::move(line));
    if (one_in(12)) lines_.push_back(pick({"", "   ", "# note", "  # language: fr"}));
  }

  std::string cell() {
    return pick({"",      "a",     " b ", "<v>", "<w>", "x\\|y", "\\\\",  "\\n",   "\\q",
                 "<",     ">",     "$1",  "é",   "v",   "w",     " \\n ", "<<v>>", "\u00A0z\u0085",
                 "<v w>", "\"\"\""});
  }
  std::string row(int cells) {
    std::string text = "|";
    for (; cells > 0; --cells) text += cell() + "|";
    return text + (one_in(15) ? " tail" : one_in(15) ? "  " : "");
  }
  void table() {
    const int cells = 1 + below(3);
    for (int rows = 1 + below(4); rows > 0; --rows) add(row(cells));
  }
  void doc_string() {
    const std::string mark = pick({"\"\"\"", "```"});
    add(mark + pick({"", "xml", " <v> ", "é"}));
    for (int lines = below(4); lines > 0; --lines) {
      lines_.push_back(pick({"", "  text <v>", "      deep", "\\\"\\\"\\\" \\\"\\\"\\\"",
                             "\\`\\`\\`", "# no", "Given x", "\"\"", "\t<w>"}));
    }
    add(mark + pick({"", "", " after"}));
  }
  void steps() {
    for (int count = below(4); count > 0; --count) {
      add(pick({"Given ", "When ", "Then ", "And ", "But ", "* "}) +
          pick(
              {"a <v>", "<w><v>", "b", "<", "c  ", "<x> <v", "<v> < <w>", "😀 <v>", "", "$ <v w>"}));
      if (one_in(3)) table();
      if (one_in(3)) doc_string();
      if (one_in(20)) table();
    }
  }
  void maybe_tags() {
    while (one_in(3)) {
      add(pick({"@a", "@b @c", "@é@d", "@x  @y #z", "@#", "@a#b", "@@q", "@s @ @t", "@😀 @u"}));
    }
  }
  void description() {
    for (int lines = one_in(3) ? below(4) : 0; lines > 0; --lines) {
      lines_.push_back(pick({"text", "  more", "", "  ", "# c", "\ttab"}));
    }
  }
  void body(bool backgrounds) {
    description();
    if (backgrounds && one_in(2)) {
      add("Background:" + pick({"", " b"}));
      description();
      steps();
    }
    for (int scenarios = below(4); scenarios > 0; --scenarios) {
      maybe_tags();
      add(pick({"Scenario: s", "Example:", "Scenario Outline: <v> o", "Scenario Template: <w>"}));
      description();
      steps();
      while (one_in(2)) {
        maybe_tags();
        add(pick({"Examples:", "Scenarios: e"}));
        description();
        if (!one_in(5)) {
          add(pick({"| v | w |", "|v|v|", "|<v>|v|", "| w | v w |", "||v|"}));
          for (int rows = below(3); rows > 0; --rows) add(row(2));
        }
      }
    }
  }
  std::string prose() {
    return pick({"", "text\n", "\n\n", "| no | row |\n| --- | --- |\n| x | y |\n", "* a list\n",
                 "# Heading\n  indented\n", "> quoted\n"});
  }
  std::string any_line() {
    switch (below(6)) {
      case 0:
        return row(below(3));
      case 1:
        return pick({"Feature: x", "Rule: y", "Scenario: z",
                     "Background:", "Examples:", "Scenario Outline: <v>"});
      case 2:
        return pick({"Given a", "* b", "And c", "Given", "When<v>", "Then  d"});
      case 3:
        return pick({"@a", "@b c", "@", "@d #e", "@f@g", "  @h\t@i"});
      case 4:
        return pick({"\"\"\"", "```", "\"\"\"json", "# language: fr", "#language:xx",
                     " # language : en ", "# c"});
      default:
        return pick({"", "  ", "text", "    Feature :", "|", "\uFEFFFeature: bom",
                     "Fonctionnalité: f", "Scénario: s"});
    }
  }
  void disturb() {
    for (int times = 1 + below(3); times > 0 && !lines_.empty(); --times) {
      const auto at = lines_.begin() + below(static_cast<int>(lines_.size()));
      switch (below(3)) {
        case 0:
          lines_.erase(at);
          break;
        case 1:
          lines_.insert(at, any_line());
          break;
        default:
          std::swap(*at, lines_[static_cast<std::size_t>(below(static_cast<int>(lines_.size())))]);
      }
    }
  }

  std::mt19937 random_;
  std::vector<std::string> lines_;
};

TEST(Differential, GeneratedFiles) {
  if (!reference_is_there()) GTEST_SKIP() << "no npm @cucumber/gherkin: run ci/setup";
  const char* asked = std::getenv("MUSTER_DIFFERENTIAL_FILES");
  const int files = asked != nullptr ? std::atoi(asked) : 3000;
  Generator generator(20'240'601);
  std::vector<Case> cases;
  for (int i = 0; i < files; ++i) {
    const int kind = i % 5;
    cases.push_back({"gen/" + std::to_string(i) + ".feature",
                     kind == 0 ? generator.soup() : generator.feature(kind < 3)});
  }
  const auto [with_pickles, with_errors] = compare(cases);
  std::cout << cases.size() << " files, " << with_pickles << " with pickles, " << with_errors
            << " with errors\n";
  EXPECT_GT(with_pickles, files / 5);
  EXPECT_GT(with_errors, files / 10);
}

TEST(Differential, GeneratedMarkdown) {
  if (!reference_is_there()) GTEST_SKIP() << "no npm @cucumber/gherkin: run ci/setup";
  Generator generator(7);
  std::vector<Case> cases;
  for (int i = 0; i < 1000; ++i) {
    cases.push_back({"gen/" + std::to_string(i) + ".feature.md", generator.markdown()});
  }
  const auto [with_pickles, with_errors] = compare(cases);
  std::cout << cases.size() << " files, " << with_pickles << " with pickles, " << with_errors
            << " with errors\n";
  EXPECT_GT(with_pickles, 300);
}

TEST(Differential, EveryKeywordOfEveryDialect) {
  if (!reference_is_there()) GTEST_SKIP() << "no npm @cucumber/gherkin: run ci/setup";
  std::vector<Case> cases;
  for (const Dialect& dialect : dialects()) {
    const std::string language(dialect.language);
    for (const auto feature : dialect.feature) {
      std::string text = "# language: " + language + "\n" + std::string(feature) + ": f\n";
      text += std::string(dialect.background[0]) + ": b\n";
      for (const auto& step : dialect.steps) text += std::string(step.text) + "x\n";
      for (const auto rule : dialect.rule) {
        text += std::string(rule) + ": r\n";
        for (const auto background : dialect.background) {
          text += std::string(background) + ":\n" + std::string(dialect.steps[0].text) + "y\n";
          text += std::string(rule) + ": again\n";
        }
        for (const auto scenario : dialect.scenario) {
          text += std::string(scenario) + ": s\n";
          for (const auto& step : dialect.steps) text += "  " + std::string(step.text) + "<v>\n";
          for (const auto examples : dialect.examples) {
            text += std::string(examples) + ":\n|v|\n|1|\n";
          }
        }
      }
      cases.push_back({language + ".feature", text});
    }
  }
  EXPECT_GE(dialects().size(), 80U);
  EXPECT_EQ(compare(cases).first, static_cast<int>(cases.size()));
}

TEST(Differential, FilesAtHand) {
  if (!reference_is_there()) GTEST_SKIP() << "no npm @cucumber/gherkin: run ci/setup";
  std::vector<Case> cases;
  for (const char* folder :
       {"/features", "/fixtures", "/../shared/conformance", "/ci/npm/node_modules/@cucumber"}) {
    const std::string root = std::string(MUSTER_SOURCE_DIR) + folder;
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string path = entry.path().string();
      if (!path.ends_with(".feature") && !path.ends_with(".feature.md")) continue;
      cases.push_back({path, read_file(path)});
    }
  }
  std::cout << cases.size() << " files\n";
  compare(cases);
}

}  // namespace
}  // namespace muster::gherkin
