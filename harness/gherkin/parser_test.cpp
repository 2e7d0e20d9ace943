#include <gmock/gmock.h>

#include <chrono>
#include <random>

#include "gherkin/dialect.hpp"
#include "gherkin/gherkin.hpp"
#include "messages/messages.hpp"

namespace muster::gherkin {
namespace {

using ::testing::ElementsAre;

ParsedFeature parse_text(std::string_view text, const ParseOptions& options = {},
                         std::string_view uri = "a.feature") {
  IncrementalIds ids;
  return parse(uri, text, ids, options);
}

std::vector<std::string> messages_of(const ParsedFeature& parsed) {
  std::vector<std::string> texts;
  for (const auto& error : parsed.errors) texts.push_back(error.message);
  return texts;
}

const messages::Scenario& first_scenario(const ParsedFeature& parsed) {
  return *parsed.document.feature->children.at(0).scenario;
}

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (; times > 0; --times) text += piece;
  return text;
}

/// A long file that has a bit of everything.
const std::string kSample =
    "# language: en\n@a @b #c\nFeature: f\n  about\n\n  Background:\n    Given x\n\n"
    "  Rule: r\n    @t\n    Scenario Outline: <v>\n      When <v>\n        \"\"\"json\n        "
    "{<v>}\n"
    "        \"\"\"\n        | <v> | \\| |\n      * é😀\n\n      @e\n      Examples: e\n"
    "        | v | w |\n        | 1 | 2 |\r\n        | 3 | 4 |\n";

TEST(Parser, EmptyTextsHaveNoFeature) {
  for (const char* text : {"", "\n", "  ", "\n\n  \n", "# only a comment", "\uFEFF"}) {
    const auto parsed = parse_text(text);
    EXPECT_TRUE(parsed.ok()) << text;
    EXPECT_FALSE(parsed.document.feature.has_value());
    EXPECT_TRUE(parsed.pickles.empty());
  }
}

TEST(Parser, ColumnsCountCodePoints) {
  const auto parsed =
      parse_text("Feature: f\nScenario: s\n\u3000 Given x\n |😀é| b |\n@😀 @z\nScenario: t\n");
  ASSERT_TRUE(parsed.ok());
  const auto& step = first_scenario(parsed).steps.at(0);
  EXPECT_EQ(step.location, (messages::Location{3, 3}));
  const auto& cells = step.data_table->rows.at(0).cells;
  EXPECT_EQ(cells.at(0).location, (messages::Location{4, 3}));
  EXPECT_EQ(cells.at(1).location, (messages::Location{4, 7}));
  const auto& tags = parsed.document.feature->children.at(1).scenario->tags;
  EXPECT_EQ(tags.at(1).location, (messages::Location{5, 4}));
}

TEST(Parser, TableAndDocStringMayComeInEitherOrder) {
  const auto parsed = parse_text(
      "Feature: f\nScenario: s\nGiven a\n|x|\n\"\"\"\nd\n\"\"\"\nGiven b\n```\nd\n```\n|x|\n");
  ASSERT_TRUE(parsed.ok());
  const auto& steps = parsed.pickles.at(0).steps;
  EXPECT_EQ(steps.at(0).argument->data_table->argument_index, 1);
  EXPECT_EQ(steps.at(0).argument->doc_string->argument_index, 2);
  EXPECT_EQ(steps.at(1).argument->doc_string->argument_index, 1);
  EXPECT_EQ(steps.at(1).argument->data_table->argument_index, 2);
}

TEST(Parser, CollectsErrorsAndGoesOn) {
  const auto parsed = parse_text("Feature: f\nScenario: s\nGiven x\nwhat\n|a|\n|b|c|\nwhere\n");
  EXPECT_THAT(
      messages_of(parsed),
      ElementsAre("(4:1): expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, "
                  "#ExamplesLine, #ScenarioLine, #RuleLine, #Comment, #Empty, got 'what'",
                  "(7:1): expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, "
                  "#ExamplesLine, #ScenarioLine, #RuleLine, #Comment, #Empty, got 'where'",
                  "(6:1): inconsistent cell count within the table"));
  EXPECT_FALSE(parsed.document.feature.has_value());
  EXPECT_EQ(parsed.source.uri, "a.feature");
}

TEST(Parser, EndsAfterTheErrorBeyondTheLimit) {
  const auto parsed = parse_text("Feature: f\nScenario: s\nGiven x\n" + repeat("what\n", 50));
  EXPECT_EQ(parsed.errors.size(), 11U);
  ParseOptions options;
  options.limits.errors = 2;
  EXPECT_EQ(parse_text(repeat("what\n", 50), options).errors.size(), 3U);
}

TEST(Parser, UnknownLanguages) {
  const auto parsed = parse_text("  # language: xx\nFeature: f\n");
  EXPECT_THAT(messages_of(parsed), ElementsAre("(1:3): Language not supported: xx"));
  ParseOptions options;
  options.language = "yy";
  EXPECT_THAT(messages_of(parse_text("", options)),
              ElementsAre("(1:1): Language not supported: yy"));
}

TEST(Parser, TheDefaultLanguageIsAnOption) {
  if (find_dialect("fr") == nullptr) GTEST_SKIP() << "English is the only dialect of this build";
  ParseOptions options;
  options.language = "fr";
  const auto parsed = parse_text("Fonctionnalité: f\nScénario: s\nSoit x\n", options);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.document.feature->language, "fr");
  EXPECT_EQ(parsed.pickles.at(0).language, "fr");
}

TEST(Pickles, PhasesAreInheritedAcrossTheBackground) {
  const auto parsed = parse_text(
      "Feature: f\nBackground:\nWhen a\nScenario: s\nAnd b\n* c\nBut d\nThen e\nAnd f\n");
  ASSERT_TRUE(parsed.ok());
  std::vector<std::string_view> types;
  for (const auto& step : parsed.pickles.at(0).steps) types.push_back(to_text(*step.type));
  EXPECT_THAT(types, ElementsAre("Action", "Action", "Unknown", "Unknown", "Outcome", "Outcome"));
}

TEST(Pickles, AScenarioWithoutStepsHasNoBackground) {
  const auto parsed = parse_text("Feature: f\nBackground:\nGiven a\nScenario: s\n");
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed.pickles.at(0).steps.empty());
}

std::string filled(std::string_view text, std::string_view header, std::string_view row) {
  std::string feature = "Feature: f\nScenario Outline: o\nGiven ";
  feature += text;
  feature += "\nExamples:\n";
  feature += header;
  feature += "\n";
  feature += row;
  const auto parsed = parse_text(feature);
  return parsed.ok() ? parsed.pickles.at(0).steps.at(0).text : parsed.errors.at(0).message;
}

TEST(Placeholders, AreFilledIn) {
  EXPECT_EQ(filled("<a> and <b>, <c>", "|a|b|", "|1|$&|"), "1 and $&, <c>");
  EXPECT_EQ(filled("<a", "|a|", "|1|"), "<a");
  EXPECT_EQ(filled("<<a>>", "|a|b|", "|b|2|"), "2");
  EXPECT_EQ(filled("x < <a> > y", "|a|", "|1|"), "x < 1 > y");
  EXPECT_EQ(filled("<>", "||a|", "|1|2|"), "1");
}

TEST(Placeholders, ColumnsAreReplacedOneAfterAnother) {
  EXPECT_EQ(filled("<a>", "|a|b|", "|<b>|2|"), "2");
  EXPECT_EQ(filled("<b>", "|a|b|", "|2|<a>|"), "<a>");
}

TEST(Placeholders, TheLongerNameGoesFirstWhereOneBeginsWithAnother) {
  EXPECT_EQ(filled("<a> <b>", "|a|a> <b|", "|1|2|"), "2");
  EXPECT_EQ(filled("<a> <b>", "|a> <b|a|", "|2|1|"), "2");
  EXPECT_EQ(filled("<name> <na>", "|na|name|", "|1|2|"), "2 1");
}

TEST(Limits, AFileThatIsTooLarge) {
  ParseOptions options;
  options.limits.file_bytes = 10;
  EXPECT_THAT(messages_of(parse_text("Feature: f\n", options)),
              ElementsAre("(1:1): the file is larger than 10 bytes"));
}

TEST(Limits, ALineThatIsTooLong) {
  const std::string text =
      "Feature: f\nScenario: s\nGiven " + repeat("x", 70'000) + "\nGiven y\nwhat\n";
  const auto texts = messages_of(parse_text(text));
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0], "(3:1): the line is longer than 65536 bytes");
  EXPECT_TRUE(texts[1].starts_with("(5:1): expected"));
}

TEST(Limits, ExamplesThatMultiply) {
  ParseOptions options;
  options.limits.pickles = 5;
  const std::string head = "Feature: f\nScenario Outline: o\nGiven <v>\nExamples:\n|v|\n";
  EXPECT_TRUE(parse_text(head + repeat("|1|\n", 5), options).ok());
  EXPECT_THAT(messages_of(parse_text(head + repeat("|1|\n", 7), options)),
              ElementsAre("(11:1): the file gives more than 5 pickles"));
}

TEST(Limits, ValuesThatHoldPlaceholdersMultiply) {
  std::string header = "|", row = "|";
  for (char c = 'a'; c < 'z'; ++c) {
    header += std::string(1, c) + "|";
    row += repeat("<" + std::string(1, static_cast<char>(c + 1)) + ">", 10) + "|";
  }
  ParseOptions options;
  options.limits.pickle_bytes = 1 << 20;
  const auto parsed = parse_text(
      "Feature: f\nScenario Outline: o\nGiven <a>\nExamples:\n" + header + "\n" + row + "\n",
      options);
  EXPECT_THAT(messages_of(parsed),
              ElementsAre("(6:1): the pickles of the file take more than 1048576 bytes"));
}

TEST(Limits, ATableOfABackgroundMultiplies) {
  ParseOptions options;
  options.limits.pickle_bytes = 16 << 20;
  const std::string text = "Feature: f\nBackground:\nGiven x\n" + repeat("|a|b|c|\n", 10'000) +
                           repeat("Scenario: s\nGiven y\n", 10'000);
  const auto parsed = parse_text(text, options);
  ASSERT_EQ(parsed.errors.size(), 1U);
  EXPECT_THAT(parsed.errors[0].message, ::testing::HasSubstr("take more than 16777216 bytes"));
}

double seconds(const std::string& text, const ParseOptions& options) {
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    const auto start = std::chrono::steady_clock::now();
    parse_text(text, options);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

TEST(Limits, TimeIsLinear) {
  ParseOptions options;
  options.limits.line_bytes = 1 << 30;
  options.limits.pickles = 1 << 30;
  const std::string head = "Feature: f\nScenario Outline: o\nGiven <v>\n";
  const std::vector<std::pair<std::string, std::string>> shapes = {
      {head, "|a|b|\n"},
      {head + "Examples:\n|v|w|\n", "|1|2|\n"},
      {head, "@a\n\n# c\n"},
      {"Feature: f\n", "@a\nScenario: s\n"},
      {"Feature: f\n", "@a\nRule: r\n@b\nScenario: s\nGiven x\n@c\nExamples:\n"},
      {"Feature: f\n", "text\n\n"},
      {"@", "@a #"},
      {"@a", " "},
      {head + "|", "\\|"},
      {head + "Given ", "<"},
      {head + "Examples:\n|v|\n|", "<v>"},
      {head + "\"\"\"\n", "\\\"\\\"\\\"\n"},
      {head, "\xFF\n"},
  };
  for (const auto& [start, piece] : shapes) {
    const std::size_t times = (32 << 10) / piece.size();
    const double small = seconds(start + repeat(piece, times), options);
    const double large = seconds(start + repeat(piece, 8 * times), options);
    // quadratic time would take 64 times as long
    EXPECT_LT(large, 0.05 + 24 * small) << start << piece;
  }
}

/// What holds for every input.
void expect_sane(const ParsedFeature& parsed, std::string_view text) {
  EXPECT_EQ(parsed.source.data, text);
  if (!parsed.ok()) {
    EXPECT_TRUE(parsed.pickles.empty());
    EXPECT_FALSE(parsed.document.feature.has_value());
  }
  for (const auto& error : parsed.errors) {
    EXPECT_TRUE(messages::from_ndjson(messages::to_ndjson(error)).ok());
    EXPECT_GE(error.source.location->line, 1);
  }
  const auto again = messages::from_ndjson(messages::to_ndjson(parsed.document));
  EXPECT_TRUE(again.ok());
  for (const auto& pickle : parsed.pickles) {
    EXPECT_TRUE(messages::from_ndjson(messages::to_ndjson(pickle)).ok());
  }
}

TEST(Property, EveryPrefixIsParsedOrRefused) {
  for (std::size_t length = 0; length <= kSample.size(); ++length) {
    const std::string_view prefix = std::string_view(kSample).substr(0, length);
    expect_sane(parse_text(prefix), prefix);
    expect_sane(parse_text(prefix, {}, "a.feature.md"), prefix);
  }
  EXPECT_TRUE(parse_text(kSample).ok());
}

TEST(Property, DisturbedBytesNeverCrash) {
  std::mt19937 random(11);
  for (int round = 0; round < 5'000; ++round) {
    std::string text = kSample;
    for (unsigned times = 1 + random() % 6; times > 0; --times) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    expect_sane(parse_text(text), text);
    expect_sane(parse_text(text, {}, "a.feature.md"), text);
  }
}

TEST(Property, RandomBytesNeverCrash) {
  std::mt19937 random(13);
  constexpr std::string_view kAlphabet = "@#|\\\"`*<>:\n\n \tFeatureScenario\xC3\xA9\xFF";
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (unsigned size = random() % 80; size > 0; --size) {
      text +=
          random() % 4 == 0 ? static_cast<char>(random()) : kAlphabet[random() % kAlphabet.size()];
    }
    expect_sane(parse_text(text), text);
    expect_sane(parse_text(text, {}, "a.feature.md"), text);
  }
}

}  // namespace
}  // namespace muster::gherkin
