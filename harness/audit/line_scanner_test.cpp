// What the fast readers take is what the full parser takes, with the same values: over lines of
// many forms and their mutants.
#include <gtest/gtest.h>

#include <random>

#include "audit/line_shapes.hpp"
#include "audit/log_for_tests.hpp"

namespace muster::audit {
namespace {

const char* const kLines[] = {
    R"({"actor":{"role":"admin","user":"ada"},"event":"ralph.node.done","payload":{"attempts":1,"duration_s":0.25,"node_id":"prompt-1","run_id":"r1"},"recv_mono_ns":123456789,"run_id":"r1","seq":7,"source":"console/0badcafe","src_seq":7,"ts":"2026-01-02T03:04:05.678Z","workspace_slug":"test"})",
    R"({"actor":null,"event":"auth.denied","payload":{},"source":"x","src_seq":1,"ts":"2026-01-02T03:04:05+01:00","workspace_slug":""})",
    R"( { "actor" : null , "event" : "a" , "payload" : { "v" : [ 1 , -2.5e3 , true , null , "é\n\u00e9\"" ] } , "run_id" : null , "source" : "x" , "src_seq" : 18446744073709551615 , "ts" : "2026-01-02T03:04:05Z" , "workspace_slug" : "one" } )",
    R"({"event":"a","payload":{"v":{"w":{"x":[[],{},[{}]]}},"u":false,"t":-0,"s":1e5,"r":"\ud83d\ude00"},"actor":{"user":"","role":"","more":1},"source":"x","src_seq":1,"ts":"2026-12-31T23:59:60Z","workspace_slug":"one","unknown":{"a":1}})",
};

class Readers {
 public:
  Readers()
      : node_(fields_.want(pointer("/payload/node_id"))),
        value_(fields_.want(pointer("/payload/v"))),
        run_(fields_.want(pointer("/run_id"))) {}

  /// Whether a fast reader took the line; it has to agree with the parser then.
  bool take(const std::string& line) {
    const std::string padded = line + "\n" + std::string(kPadding, '\0');
    const auto parsed = events::parse_event(line);
    const char* after = nullptr;
    const bool shaped = shapes_.match(padded.data(), after) != nullptr;
    if (shaped && static_cast<std::size_t>(after - padded.data()) == line.size() + 1) {
      EXPECT_TRUE(parsed.ok()) << line;
      if (parsed) agree(line, *parsed, [this](int field) { return shapes_.wanted(field); });
    }
    const bool scanned = scanner_.scan(std::string_view(padded).substr(0, line.size()));
    if (!scanned) return false;
    EXPECT_TRUE(parsed.ok()) << line;
    if (!parsed) return false;
    const auto value = [this](int field) {
      return scanner_.wanted()[static_cast<std::size_t>(field)];
    };
    agree(line, *parsed, value);
    if (line.find('\n') == std::string::npos)
      shapes_.learn(std::string_view(padded).substr(0, line.size()), scanner_);
    return true;
  }

 private:
  static constexpr std::size_t kPadding = 64;
  static events::Pointer pointer(const char* text) {
    return events::Pointer::parse(text).value_or_throw();
  }

  template <class ValueOf>
  void agree(const std::string& line, const events::Event& event, const ValueOf& value) {
    const auto same = [&](int field, const char* at) {
      const auto expected = pointer(at).find(event);
      const Value found = value(field);
      if (counts_as_absent(absence_of(at), found)) {
        EXPECT_FALSE(expected.has_value()) << at << "\n" << line;
      } else {
        EXPECT_EQ(parse_json(found.raw()).value_or_throw(), expected.value_or(Json("absent")))
            << at << "\n"
            << line;
      }
    };
    same(Fields::kEvent, "/event");
    same(Fields::kArrival, "/recv_mono_ns");
    same(Fields::kTime, "/ts");
    same(node_, "/payload/node_id");
    same(value_, "/payload/v");
    same(run_, "/run_id");
  }

  Fields fields_;
  int node_, value_, run_;
  LineScanner scanner_{fields_};
  LineShapes shapes_{fields_};
};

TEST(LineScanner, TakesWhatIsAnEvent) {
  Readers readers;
  EXPECT_TRUE(readers.take(kLines[0]));
  EXPECT_TRUE(readers.take(kLines[0])) << "and again by its shape";
  EXPECT_TRUE(readers.take(kLines[1]));
  // a number of 20 digits and a surrogate pair are left to the parser
  EXPECT_FALSE(readers.take(kLines[2]));
  EXPECT_FALSE(readers.take(kLines[3]));
  std::string depth(62, '[');
  std::string line = kLines[1];
  line.replace(line.find("{}"), 2, "{\"v\":" + depth + std::string(62, ']') + "}");
  EXPECT_TRUE(readers.take(line));
  line.replace(line.find("[]"), 2, "[[]]");
  EXPECT_FALSE(readers.take(line)) << "deeper than 64";
}

TEST(LineScanner, TakesNothingThatTheParserRefuses) {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t below) { return random() % below; };
  const std::string alphabet =
      "\"\\{}[],:0123456789-+.eEtrufalsn \t\r\x01\x7f\x80\xc3\xa9\xed\xa0/Zz";
  Readers readers;
  for (const char* line : kLines) readers.take(line);
  int taken = 0;
  for (int round = 0; round < 60'000 && !::testing::Test::HasFailure(); ++round) {
    std::string line = kLines[pick(std::size(kLines))];
    for (std::size_t edits = 1 + pick(3); edits > 0 && !line.empty(); --edits) {
      const std::size_t at = pick(line.size());
      switch (pick(4)) {
        case 0:
          line.erase(at, 1 + pick(3));
          break;
        case 1:
          line.insert(at, 1, alphabet[pick(alphabet.size())]);
          break;
        case 2:
          line[at] = alphabet[pick(alphabet.size())];
          break;
        default: {
          const std::size_t from = pick(line.size());
          line.insert(at, line.substr(from, pick(12)));
        }
      }
    }
    taken += readers.take(line) ? 1 : 0;
  }
  EXPECT_GT(taken, 1'000);
}

}  // namespace
}  // namespace muster::audit
