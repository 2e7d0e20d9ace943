#include <sys/stat.h>

#include "hocon/test_load.hpp"
#include "testing/temp_tree.hpp"

namespace muster::hocon {
namespace {

TEST(HoconInclude, KeysStandWhereTheStatementIs) {
  const Options options = options_of({}, {{"b.conf", "x=2,y=${x}"}});
  EXPECT_EQ(resolved("x=1,include \"b.conf\"", options), R"({"x":2,"y":2})");
  EXPECT_EQ(resolved("include \"b.conf\"\nx=3", options), R"({"x":3,"y":3})");
  EXPECT_EQ(resolved("x=0,a{include \"b.conf\"},a.x=42", options),
            R"({"x":0,"a":{"x":42,"y":42}})");
}

TEST(HoconInclude, PathsAreThoseOfTheIncluderWhenTheFileHasNone) {
  const Options options = options_of({{"PORT", "1"}}, {{"b.conf", "y=${z},p=${PORT}"}});
  EXPECT_EQ(resolved("z=1,a{include \"b.conf\"}", options), R"({"z":1,"a":{"y":1,"p":"1"}})");
}

TEST(HoconInclude, EndingsAreTriedAndMerged) {
  const Options options = options_of(
      {},
      {{"b.conf", "x=c"}, {"b.json", R"({"x":"j","y":"j"})"}, {"b.properties", "x=p\ny=p\nz=1"}});
  EXPECT_EQ(resolved("include \"b\"", options), R"({"x":"c","y":"j","z":"1"})");
  EXPECT_EQ(resolved("include file(\"b.properties\")", options), R"({"x":"p","y":"p","z":"1"})");
  // As the reference: by name a file is read as HOCON.
  EXPECT_EQ(resolved("include \"b.properties\"", options), R"({"x":"p","y":"p","z":1})");
  Options by_ending = options;
  by_ending.included = Included::by_ending;
  EXPECT_EQ(resolved("include \"b.properties\"", by_ending), R"({"x":"p","y":"p","z":"1"})");
}

TEST(HoconInclude, MissingFilesAreNothingUnlessRequired) {
  EXPECT_EQ(resolved("include \"no.conf\"\na=1"), R"({"a":1})");
  EXPECT_EQ(resolved("include \"no\"\na=1"), R"({"a":1})");
  EXPECT_EQ(resolved("a=1\ninclude required(\"no.conf\")"), "include:2:1");
  EXPECT_EQ(resolved("include required( file( \"no\" ) )"), "include:1:1");
  const Options options = options_of({}, {{"b.conf", "x=1"}});
  EXPECT_EQ(resolved("include required(file(\"b.conf\"))", options), R"({"x":1})");
}

TEST(HoconInclude, StatementsAreParsedStrictly) {
  EXPECT_EQ(resolved("include b"), "syntax:1:9");
  EXPECT_EQ(resolved("include ${b}"), "syntax:1:9");
  EXPECT_EQ(resolved("include file (\"b\")"), "syntax:1:9");
  EXPECT_EQ(resolved("include package(\"a\",\"b\")"), "syntax:1:9");
  EXPECT_EQ(resolved("include file(\"b\""), "syntax:1:17");
  EXPECT_EQ(resolved("include \"b\" x=1"), "syntax:1:13");
  EXPECT_EQ(resolved("\"include\" = 1"), R"({"include":1})");
}

TEST(HoconInclude, NothingIsFetched) {
  EXPECT_EQ(resolved("include url(\"http://127.0.0.1:9/x\")"), "unsupported:1:1");
  EXPECT_EQ(resolved("include \"https://example.com/x.conf\""), "unsupported:1:1");
  EXPECT_EQ(resolved("z=1\ninclude classpath(\"x.conf\")"), "unsupported:2:1");
  Options options = options_of();
  options.classpath = Classpath::absent;
  EXPECT_EQ(resolved("z=1\ninclude classpath(\"x.conf\")", options), R"({"z":1})");
  EXPECT_EQ(resolved("include required(classpath(\"x.conf\"))", options), "include:1:1");
}

TEST(HoconInclude, ErrorsNameTheIncludedFile) {
  const Options options = options_of({}, {{"b.conf", "ok = 1\nbad = [1,\n"}});
  const auto config = load_text("a.conf", "include \"b.conf\"", options);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(to_string(config.error().place), "b.conf:3:1");
}

TEST(HoconInclude, CyclesEnd) {
  const Options options =
      options_of({}, {{"a.conf", "include \"b.conf\""}, {"b.conf", "include \"a.conf\""}});
  EXPECT_EQ(resolved("include \"b.conf\"", options), "limit:1:1");
  // Two includes each, 50 deep: the number of includes is bounded too.
  std::map<std::string, std::string> files;
  for (int i = 0; i < 49; ++i) {
    const std::string next = "include \"f" + std::to_string(i + 1) + ".conf\"\n";
    files["f" + std::to_string(i) + ".conf"] = next + next;
  }
  EXPECT_EQ(resolved("include \"f0.conf\"", options_of({}, files)).substr(0, 5), "limit");
}

TEST(HoconInclude, ListsTakeOnlyWhatIsKnown) {
  const Options options = options_of({}, {{"b.conf", "x=1"}, {"c.conf", "x=${y}"}});
  EXPECT_EQ(resolved("a=[{include \"b.conf\"}]", options), R"({"a":[{"x":1}]})");
  EXPECT_EQ(resolved("y=1,a=[{include \"c.conf\"}]", options), "include:1:9");
}

TEST(HoconInclude, FilesAreRelativeToTheIncludingOne) {
  const testing::TempTree tree;
  tree.write("main.conf", "include \"sub/one\"\ninclude file(\"sub/two.conf\")");
  tree.write("sub/one.conf", "include \"../three.conf\"\none=1");
  tree.write("sub/two.conf", "two=${three}");
  tree.write("three.conf", "three=3");
  Options options;
  options.environment.emplace();
  const auto config = load(tree.str("main.conf"), options);
  ASSERT_TRUE(config.ok()) << render(config.error());
  EXPECT_EQ(config->to_json(), R"({"three":3,"one":1,"two":3})");
  const auto origin = config->origin("two");
  ASSERT_TRUE(origin.ok());
  EXPECT_EQ(origin->place.uri, tree.str("sub/../three.conf"));
}

TEST(HoconInclude, OnlyRegularFilesAreRead) {
  const testing::TempTree tree;
  ASSERT_EQ(::mkfifo(tree.str("pipe.conf").c_str(), 0600), 0);
  tree.write("main.conf", "include \"pipe.conf\"\ninclude \"/dev/zero\"\na=1");
  const auto config = load(tree.str("main.conf"));
  ASSERT_TRUE(config.ok()) << render(config.error());
  EXPECT_EQ(config->to_json(), R"({"a":1})");
  ASSERT_GE(config->lints().size(), 1U);
  EXPECT_EQ(config->lints()[0].code, "unreadable_include");
  tree.write("main.conf", "a=1\ninclude required(\"pipe.conf\")");
  EXPECT_EQ(load(tree.str("main.conf")).error().code, "include");
  EXPECT_EQ(load(tree.str("pipe.conf")).error().code, "read");
  EXPECT_EQ(load(tree.str("none.conf")).error().code, "read");
  EXPECT_EQ(load(tree.str()).error().code, "read");
}

}  // namespace
}  // namespace muster::hocon
