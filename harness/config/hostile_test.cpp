#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <random>

#include "config/load_for_tests.hpp"
#include "config/toml_reader.hpp"
#include "testing/temp_tree.hpp"

namespace muster::config {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

/// Code and place of the one thing that is wrong with `text`.
std::string verdict(const std::string& text) {
  const auto table = read_toml("f", text);
  return table ? "ok" : table.error().code + " " + to_string(table.error().place);
}

TEST(Hostile, nesting_is_refused_where_it_becomes_too_deep) {
  EXPECT_EQ(verdict("a = " + repeated("[", 100'000)), "config_too_deep f:1:37");
  EXPECT_EQ(verdict("a = " + repeated("{ b = ", 50'000)), "config_too_deep f:1:197");
  EXPECT_EQ(verdict("a" + repeated(".a", 100'000) + " = 1"), "config_too_deep f:1:64");
  EXPECT_EQ(verdict("[a" + repeated(".a", 100'000) + "]"), "config_too_deep f:1:65");
  EXPECT_EQ(verdict("\"a\"" + repeated(" . \"a\"", 100) + " = 1"), "config_too_deep f:1:191");
  EXPECT_EQ(verdict("a = " + repeated("[", 32) + repeated("]", 32)), "ok");
}

TEST(Hostile, brackets_and_dots_in_strings_and_comments_count_for_nothing) {
  const std::string much = repeated("[{.", 100);
  EXPECT_EQ(verdict("a = \"" + much + "\\\"" + much + "\"\n"), "ok");
  EXPECT_EQ(verdict("a = '" + much + "\\'\n"), "ok");
  EXPECT_EQ(verdict("a = \"\"\"" + much + "\n\"\"" + much + "\\\"\"\"\"\"\"\n# " + much), "ok");
  EXPECT_EQ(verdict("a = '''" + much + "\n'" + much + "'''''\nb = 1\n"), "ok");
}

TEST(Hostile, a_mebibyte_is_refused_at_the_place_where_it_is_too_much) {
  const std::string line = "# 3456789012345\n";
  EXPECT_EQ(verdict(repeated(line, 64 * 1024)), "config_too_large f:32769:1");
  EXPECT_EQ(verdict(repeated(line, 32 * 1024)), "ok") << "the limit itself";
  EXPECT_EQ(verdict("a = \"" + std::string(1 << 20, 'x') + "\""), "config_too_large f:1:524289");
}

TEST(Hostile, bytes_that_are_no_text_are_refused_at_their_place) {
  EXPECT_EQ(verdict(std::string("[run]\ntags = \"a\0b\"\n", 20)), "config_syntax f:2:10");
  EXPECT_EQ(verdict(std::string("[run]\n\0", 7)), "config_syntax f:2:1");
  EXPECT_EQ(verdict("tags = \"\xff\"\n"), "config_syntax f:1:9");
  EXPECT_EQ(verdict("tags = \"\xed\xa0\x80\"\n"), "config_syntax f:1:9") << "a surrogate";
  EXPECT_EQ(verdict("tags = \"\xc3"), "config_syntax f:1:9");
  EXPECT_EQ(verdict("\xff\xfe\x00\x00"), "config_syntax f:1:1");
}

TEST(Hostile, many_problems_are_told_up_to_a_number_nobody_reads_beyond) {
  std::string text = "[run]\n";
  for (int i = 0; i < 20'000; ++i) text += "unknown_" + std::to_string(i) + " = 1\n";
  const auto result = try_load(text);
  ASSERT_TRUE(std::holds_alternative<std::vector<Diagnostic>>(result));
  EXPECT_EQ(std::get<std::vector<Diagnostic>>(result).size(), 20U);
}

TEST(Hostile, a_long_line_is_not_shown_whole) {
  const std::string problems = problems_of_text("[run]\nx = \"" + std::string(400'000, 'y') + "\"");
  EXPECT_LT(problems.size(), 1000U);
  EXPECT_NE(problems.find("muster.toml:2:1"), std::string::npos) << problems;
}

/// No edit of a file may end in anything but a configuration or located problems.
TEST(Hostile, random_edits_never_crash) {
  const std::string good =
      "[run]\npaths = [\"a\", 'b']\njobs = 0x1F\nscale = 1e3 # c\n"
      "tags = \"\"\"\nmulti \\u00e9\\\n  line\"\"\"\n[[service]]\nname = \"w\"\n"
      "env = { A.b = \"1\", \"c d\" = '2' }\n[action.\"x.y\"]\nretry = 1_000\n"
      "[profiles.ci.run]\norder = \"random:1\"\n";
  (void)loaded(good.substr(0, good.find("env = ")));
  std::mt19937 random(7);
  constexpr char kAlphabet[] = "[]{}\"'.=,#\n\\ \t\0a0-_\xff\xc3\xa9";
  const std::string alphabet(kAlphabet, sizeof kAlphabet - 1);
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = good;
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
      const auto place = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[place] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          text.insert(place, 1, alphabet[random() % alphabet.size()]);
          break;
        default:
          text.erase(place, 1 + random() % 5);
      }
    }
    const auto result = try_load(text);
    const auto* problems = std::get_if<std::vector<Diagnostic>>(&result);
    if (problems == nullptr) continue;
    ++refused;
    ASSERT_FALSE(problems->empty());
    for (const auto& problem : *problems) {
      EXPECT_FALSE(problem.code.empty());
      EXPECT_GT(problem.place.line, 0) << render(problem) << text;
      EXPECT_GT(problem.place.column, 0) << render(problem) << text;
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(Hostile, what_is_no_regular_file_is_refused_without_waiting) {
  const testing::TempTree tree;
  ASSERT_EQ(::mkfifo(tree.str("pipe.toml").c_str(), 0600), 0);
  for (const char* name : {"pipe.toml", ".", "absent.toml"}) {
    Request request;
    request.file = tree.str(name);
    const auto result = load(schema_for_tests(), request);
    ASSERT_TRUE(std::holds_alternative<std::vector<Diagnostic>>(result)) << name;
    EXPECT_EQ(std::get<std::vector<Diagnostic>>(result).at(0).code, "config_file") << name;
  }
}

}  // namespace
}  // namespace muster::config
