#include <gmock/gmock.h>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "base/diff.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace muster {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Diagnostic, RendersPlaceExcerptCaretAndHint) {
  Diagnostic d;
  d.message = "expected a step";
  d.place = {"a.feature", 3, 5};
  d.excerpt = "    Gvien x";
  d.width = 5;
  d.hint = "did you mean Given?";
  EXPECT_EQ(render(d),
            "a.feature:3:5: error: expected a step\n"
            "  3 |     Gvien x\n"
            "    |     ^^^^^\n"
            "  hint: did you mean Given?\n");
}

TEST(Text, LineOf) {
  EXPECT_EQ(line_of("a\r\nb\nc", 1), "a");
  EXPECT_EQ(line_of("a\r\nb\nc", 3), "c");
  EXPECT_EQ(line_of("a", 2), "");
}

TEST(Text, CountsCodePointsAndColumns) {
  EXPECT_EQ(code_points("aé漢🦊"), 4u);
  EXPECT_EQ(code_point_offset("aé漢🦊", 2), 3u);
  EXPECT_EQ(display_width("a漢"), 3u);
  EXPECT_EQ(code_points("\xff\xfe"), 2u);
}

TEST(Text, PrintableIsNeutral) {
  EXPECT_EQ(printable("a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
  EXPECT_EQ(printable("a\nb", true), "a\nb");
  EXPECT_EQ(printable("\xe2\x80\xae"), "<U+202E>");
  EXPECT_EQ(printable("\xff"), "\xEF\xBF\xBD");
}

TEST(Text, Glob) {
  EXPECT_TRUE(glob_match("hearth.*", "hearth.ready"));
  EXPECT_TRUE(glob_match("*a*b", "xxaybb"));
  EXPECT_FALSE(glob_match("a?c", "ac"));
}

TEST(Text, LastLines) {
  EXPECT_EQ(last_lines("a\nb\nc\n", 2), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(last_lines("a", 5), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(last_lines("", 5).empty());
}

TEST(Digest, KnownVectors) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64("Zm8="), "fo");
  EXPECT_EQ(from_base64("-_8"), "\xfb\xff");
  EXPECT_EQ(from_base64("Zm9="), std::nullopt);
  EXPECT_EQ(from_base64("Z"), std::nullopt);
}

TEST(Json, SaysWhereItStopped) {
  const std::string deep = " [" + std::string(70, '[');
  const std::tuple<std::string, int, int> table[] = {
      {std::string(1'000'000, '['), 1, 65},
      {"\n{\"a\":\n" + deep, 3, 65},
      {R"({"a":1,"b":{"c":1,"c":2}})", 1, 19},
      {R"({"a":1,"a":2})", 1, 8},
      {R"({"a\\\"":1,"a\\\"":2})", 1, 12},
      {R"({"é":1,"é":2})", 1, 8},
      {R"({"a":[1,1e400]})", 1, 9},
      {R"({"a":-1e400 })", 1, 6},
      {"1e400", 1, 1},
      {"{} x", 1, 4},
      {"\"\xff\"", 1, 2},
      {"", 1, 1},
  };
  for (const auto& [text, line, column] : table) {
    const auto read = parse_json(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().place.line, line) << text;
    EXPECT_EQ(read.error().place.column, column) << text.substr(0, 100);
  }
}

TEST(Json, RepeatsLittleOfWhatItRefuses) {
  const std::string key = "\"\xE2\x80\xAE" + std::string(100'000, 'a') + "\"";
  const auto twice = parse_json("{" + key + ":1," + key + ":2}");
  EXPECT_LT(twice.error().message.size(), 200U);
  EXPECT_NE(twice.error().message.find("<U+202E>aaa"), std::string::npos) << twice.error().message;
  EXPECT_EQ(twice.error().place.column, 100'008);
  EXPECT_LT(parse_json(std::string(100'000, '9')).error().message.size(), 200U);
}

TEST(Json, RefusesDepthDuplicatesAndRest) {
  EXPECT_EQ(parse_json(std::string(1'000'000, '[')).error().code, "json_depth");
  EXPECT_EQ(parse_json(R"({"a":1,"a":2})").error().code, "json_duplicate_key");
  const auto bad = parse_json("{\n  \"a\": nul }");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().place.line, 2);
  EXPECT_FALSE(parse_json("{} x"));
  EXPECT_FALSE(parse_json("1e400"));
  EXPECT_EQ(parse_json(R"({"a":{"b":[1]}})").value()["a"]["b"][0], 1);
}

TEST(Diff, Nearest) {
  EXPECT_EQ(nearest("vreify", {"verify", "replay"}), "verify");
  EXPECT_EQ(nearest("zzz", {"verify"}), std::nullopt);
  EXPECT_EQ(edit_distance("ab", "ba"), 1u);
  EXPECT_EQ(line_diff("a\nb", "a\nc"), "  a\n- b\n+ c\n");
}

TEST(Redact, HidesSecrets) {
  EXPECT_THAT(redact("Authorization: Bearer m1.abc.def"), Not(HasSubstr("abc")));
  EXPECT_THAT(redact(R"({"api_token":"s3cr3t","a":1})"), Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(redact("postgres://u:hunter2@db/x"), Not(HasSubstr("hunter2")));
  EXPECT_THAT(redact("PASSWORD=hunter2 x"), Not(HasSubstr("hunter2")));
  EXPECT_EQ(redact("nothing here"), "nothing here");
}

TEST(Clock, ParsesRfc3339) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.005Z"), (WallTime{0, 5'000'000}));
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05Z"), (WallTime{1'767'323'045, 0}));
  EXPECT_EQ(parse_rfc3339("2026-01-02T05:04:05.5+02:00"), (WallTime{1'767'323'045, 500'000'000}));
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), (WallTime{1'483'228'800, 0}));
  for (const auto* text : {"", "2026-01-02", "2026-02-30T00:00:00Z", "2026-01-02T03:04:05",
                           "2026-01-02T03:04:05.Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05Zx",
                           "-026-01-02T03:04:05Z", "2026-01-02T03:04:05+2:00"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}
TEST(Clock, Rfc3339) {
  EXPECT_EQ(to_rfc3339({0, 5'000'000}), "1970-01-01T00:00:00.005Z");
}

TEST(Ids, RandomHexHasItsLength) {
  EXPECT_EQ(random_hex(4).size(), 8u);
}

}  // namespace
}  // namespace muster
