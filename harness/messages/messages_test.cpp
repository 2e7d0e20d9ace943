#include "messages/messages.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "messages/escape.hpp"
#include "messages/packed.hpp"

namespace muster::messages {
namespace {

using testing::HasSubstr;

const std::string kSample = MUSTER_SOURCE_DIR "/fixtures/golden/messages/every_kind.ndjson";

std::vector<std::string> sample_lines() {
  std::ifstream file(kSample);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(Messages, SampleHasEveryKind) {
  std::set<std::string_view> kinds;
  for (const auto& line : sample_lines()) {
    auto read = from_ndjson(line);
    ASSERT_TRUE(read.ok()) << line << "\n" << read.error().message;
    kinds.insert(kind_of(*read));
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Envelope>);
}

TEST(Messages, ReadingAndWritingGivesTheSameBytes) {
  for (const auto& line : sample_lines()) {
    const auto read = from_ndjson(line);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(to_ndjson(*read), line + "\n");
    EXPECT_EQ(from_ndjson(to_ndjson(*read)).value(), *read);
  }
}

TEST(Messages, SampleIsValidAgainstThePublishedSchema) {
  if (!std::filesystem::exists(MUSTER_SOURCE_DIR "/ci/npm/node_modules/ajv")) {
    GTEST_SKIP() << "ci/npm/node_modules is absent: run ci/setup";
  }
  const std::string command =
      "node '" MUSTER_SOURCE_DIR "/ci/schema_check.mjs' < '" + kSample + "' > /dev/null";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Messages, SchemaCheckRefusesWhatIsInvalid) {
  if (!std::filesystem::exists(MUSTER_SOURCE_DIR "/ci/npm/node_modules/ajv")) {
    GTEST_SKIP() << "ci/npm/node_modules is absent: run ci/setup";
  }
  for (const std::string line : {R"({"meta":{}})", R"({"unheard":{}})", R"({})", "{", ""}) {
    const std::string command = "printf '%s\\n' '" + line +
                                "' | node '" MUSTER_SOURCE_DIR
                                "/ci/schema_check.mjs' > /dev/null 2>&1";
    const int status = std::system(command.c_str());
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 1) << line;
  }
}

TEST(Messages, AbsentOptionalMembersAreLeftOut) {
  EXPECT_EQ(to_ndjson(Envelope(GherkinDocument{})), "{\"gherkinDocument\":{\"comments\":[]}}\n");
  EXPECT_EQ(to_ndjson(Envelope(TestRunStarted{{1, 2}, std::nullopt})),
            "{\"testRunStarted\":{\"timestamp\":{\"seconds\":1,\"nanos\":2}}}\n");
}

TEST(Messages, AppendsOneMessageWithoutAnEnvelope) {
  std::string out = "x\n";
  append_message(out, TestRunStarted{{1, 2}, "7"});
  EXPECT_EQ(out, "x\n" + to_ndjson(Envelope(TestRunStarted{{1, 2}, "7"})));
}

TEST(Messages, UnknownMembersAreSkipped) {
  const auto read = from_ndjson(
      R"({"testRunStarted":{"timestamp":{"seconds":1,"nanos":2,"zone":"Z"},"later":[1]}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(std::get<TestRunStarted>(*read).timestamp, (Timestamp{1, 2}));
}

TEST(Messages, ErrorsNameTheMember) {
  const auto message_of = [](std::string_view line) {
    const auto read = from_ndjson(line);
    return read.ok() ? "read" : read.error().code + ": " + read.error().message;
  };
  EXPECT_EQ(message_of(R"({"testRunStarted":{}})"),
            "message_member: testRunStarted.timestamp is missing");
  EXPECT_EQ(message_of(R"({"testRunStarted":3})"),
            "message_member: testRunStarted is not an object");
  EXPECT_EQ(message_of(R"({"testRunStarted":{"timestamp":{"seconds":1.5,"nanos":0}}})"),
            "message_member: testRunStarted.timestamp.seconds is not an integer");
  EXPECT_EQ(
      message_of(R"({"parseError":{"message":"","source":{"location":{"line":3000000000}}}})"),
      "message_member: parseError.source.location.line is out of range");
  EXPECT_EQ(message_of(R"({"suggestion":{"id":"","pickleStepId":"",
                          "snippets":[{"code":"","language":""},{"language":""}]}})"),
            "message_member: suggestion.snippets[1].code is missing");
  EXPECT_THAT(message_of(R"({"hook":{"id":"","sourceReference":{},"type":"NEVER"}})"),
              HasSubstr("hook.type is none of the values"));
  EXPECT_THAT(message_of(R"({"unheard":{}})"), HasSubstr("message_kind"));
  EXPECT_THAT(message_of("{}"), HasSubstr("message_kind"));
  EXPECT_THAT(message_of("[]"), HasSubstr("message_kind"));
  EXPECT_THAT(message_of(R"({"meta")"), HasSubstr("json_syntax"));
}

TEST(Messages, EveryCutOfALineIsAnErrorAndNeverAMessage) {
  for (const auto& line : sample_lines()) {
    for (std::size_t length = 0; length < line.size(); ++length) {
      EXPECT_FALSE(from_ndjson(std::string_view(line).substr(0, length)).ok());
    }
  }
}

TEST(Packed, GivesBackWhatWasPackedInFewerBytes) {
  std::size_t tried = 0;
  const auto same = [&](const auto& message) {
    using Message = std::decay_t<decltype(message)>;
    const std::string bytes = pack(message);
    EXPECT_EQ(unpack<Message>(bytes), message);
    EXPECT_LT(bytes.size(), to_ndjson(Envelope(message)).size() * 2 / 3);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
      EXPECT_THROW(unpack<Message>(std::string_view(bytes).substr(0, cut)), std::logic_error);
    EXPECT_THROW(unpack<Message>(bytes + "x"), std::logic_error);
    ++tried;
  };
  for (const auto& line : sample_lines()) {
    const Envelope envelope = from_ndjson(line).value();
    if (const auto* document = std::get_if<GherkinDocument>(&envelope)) same(*document);
    if (const auto* pickle = std::get_if<Pickle>(&envelope)) same(*pickle);
    if (const auto* test_case = std::get_if<TestCase>(&envelope)) same(*test_case);
  }
  EXPECT_GE(tried, 3u);
  Pickle odd;
  odd.location = Location{-7, 1 << 30};
  odd.name = std::string("\0\xFF", 2);
  EXPECT_EQ(unpack<Pickle>(pack(odd)), odd);
}

TEST(Escape, TextsOfEveryLengthComeOutWhole) {
  for (std::size_t length = 0; length < 200; ++length) {
    const std::string plain(length, 'a');
    EXPECT_EQ(escaped(plain), '"' + plain + '"');
    EXPECT_EQ(escaped(plain + "\n" + plain), '"' + plain + "\\n" + plain + '"');
  }
}

TEST(Time, SplitsAndJoinsAlsoBefore1970) {
  EXPECT_EQ(timestamp_from_ns(1'500'000'000), (Timestamp{1, 500'000'000}));
  EXPECT_EQ(timestamp_from_ns(-1), (Timestamp{-1, 999'999'999}));
  EXPECT_EQ(timestamp_from_ns(-1'000'000'000), (Timestamp{-1, 0}));
  for (const std::int64_t ns : {0L, 1L, -1L, 999'999'999L, -5'000'000'001L, 1L << 60}) {
    EXPECT_EQ(to_ns(timestamp_from_ns(ns)), ns);
    EXPECT_EQ(to_ns(duration_from_ns(ns)), ns);
  }
}

TEST(Escape, EscapesWhatJsonDemands) {
  EXPECT_EQ(escaped("a\"b\\c\n\r\t\x01\x1F\x7F"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\x7F\"");
  EXPECT_EQ(escaped(std::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(escaped("é€😀"), "\"é€😀\"");
}

TEST(Escape, ReplacesMalformedUtf8) {
  EXPECT_EQ(escaped("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(escaped("\xC0\xAF"), "\"\uFFFD\uFFFD\"");            // overlong
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");  // surrogate
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(escaped("\xE2\x82"), "\"\uFFFD\uFFFD\"");  // cut
}

TEST(Escape, AgreesWithTheJsonLibraryOnRandomBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (unsigned i = random() % 12; i > 0; --i) {
      // mostly bytes that begin or continue sequences
      bytes += static_cast<char>(random() % 3 == 0 ? random() : 0x80 + random() % 0x78);
    }
    const auto parsed = parse_json(escaped(bytes));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->get<std::string>(), valid_utf8(bytes));
  }
}

}  // namespace
}  // namespace muster::messages
