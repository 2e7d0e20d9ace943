#include "hocon/test_load.hpp"

namespace muster::hocon {
namespace {

std::string lints_of(std::string_view text, const Options& options = options_of()) {
  std::string all;
  const Config config = loaded(text, options);
  for (const Lint& lint : config.lints())
    all += (all.empty() ? "" : " ") + lint.code + ":" + std::to_string(lint.diagnostic.place.line);
  return all;
}

TEST(HoconLints, AMisspeltOptionalVariableIsNoticed) {
  Options options = options_of({{"GRPC_PORT", "1"}});
  options.declared = {"LOG_LEVEL"};
  EXPECT_EQ(lints_of("a=${?GRPC_PORT}\nb=${?LOG_LEVEL}", options), "");
  EXPECT_EQ(lints_of("l=${?LOG_LEVEL}\na=1\na=${?GRPC_PROT}", options), "unknown_environment:3");
  EXPECT_EQ(lints_of("l=${?LOG_LEVEL}\na=${?not.a.variable}", options), "");
  const Config config = loaded("l=${?LOG_LEVEL}\na=${?GRPC_PROT}", options);
  ASSERT_EQ(config.lints().size(), 1U);
  EXPECT_EQ(config.lints()[0].diagnostic.hint, "did you mean GRPC_PORT?");
}

TEST(HoconLints, ADeclaredVariableThatNothingAsksForIsNoticed) {
  Options options = options_of();
  options.declared = {"A", "B"};
  EXPECT_EQ(lints_of("x=${?A}", options), "unused_environment:0");
}

TEST(HoconLints, WhatPyhoconReadsOtherwise) {
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"a = true", ""},
      {"a = True", "pyhocon_word_case:1"},
      {"a = NULL", "pyhocon_word_case:1"},
      {R"(a = "\u00e9")", "pyhocon_escape:1"},
      {R"(a = "\t\n")", ""},
      {"a += 1", "pyhocon_plus_equals:1"},
      {"a = foo//bar", "pyhocon_slashes:1"},
      {"a = foo // bar", ""},
      {"a = 10 ms", "pyhocon_period:1"},
      {"a = 10days", "pyhocon_period:1"},
      {"a = \"10 ms\"", ""},
      {"a = 10 mice", ""},
      {"a = [1] x", "pyhocon_text_after_list:1"},
      {R"("a.b".c = 1)", "pyhocon_quoted_key:1"},
      {R"("a.b" = 1)", ""},
      {"a% = 1", "pyhocon_key_characters:1"},
      {"\xE6\x97\xA5 = 1", "pyhocon_key_characters:1"},
      {"\xC3\xA9 = 1", ""},
      {"\xEF\xBB\xBF"
       "a = 1",
       "pyhocon_byte_order_mark:1"},
      {"a = \"\xFF\"", "pyhocon_utf8:1"},
      {"a=5\na{b=1}", "pyhocon_object_over_value:2"},
      {"a=null\na{b=1}", ""},
      {"a=${?b}\nb=${?a}", "pyhocon_optional_cycle:2 pyhocon_optional_cycle:1"},
      {"l=${?l}[1]\nl=${?l}[2]", "pyhocon_self_reference:2"},
      {"n=null\na=${n}", "pyhocon_null:2"},
      {"a=5\nb=${?a.c}", "pyhocon_path_through_value:1"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(lints_of(text), expected) << text;
}

TEST(HoconLints, IncludesThatPyhoconReadsOtherwise) {
  const Options options =
      options_of({{"PORT", "1"}},
                 {{"b.conf", "x=1\ny=${x}"}, {"c.conf", "p=${PORT}"}, {"d.properties", "a=1"}});
  EXPECT_EQ(lints_of("include \"b.conf\"", options), "");
  EXPECT_EQ(lints_of("a{include \"b.conf\"}", options), "pyhocon_included_substitution:2");
  EXPECT_EQ(lints_of("a{include \"c.conf\"}", options), "");
  EXPECT_EQ(lints_of("include \"b\"", options), "pyhocon_include_ending:1");
  EXPECT_EQ(lints_of("include \"d.properties\"", options), "included_properties:1");
}

TEST(HoconLints, AreBounded) {
  std::string text;
  for (int i = 0; i < 1'000; ++i)
    text += "k" + std::to_string(i) + " = ${?NAME_" + std::to_string(i) + "}\n";
  EXPECT_EQ(loaded(text).lints().size(), 200U);
}

}  // namespace
}  // namespace muster::hocon
