#include "events/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/timestamp.hpp"

namespace muster::events {
namespace {

constexpr const char* kLine =
    R"({"source":"console/0badcafe","src_seq":3,"ts":"2026-01-02T03:04:05.678Z",)"
    R"("event":"hearth.provisioned","actor":{"user":"ada","role":"admin"},)"
    R"("workspace_slug":"test","run_id":"r1","payload":{"last_status":"ready","a/b":[1,{"~":2}]},)"
    R"("later":{"x":1}})";

Json valid() {
  return Json::parse(kLine);
}

TEST(Event, ReadsAndWritesTheEnvelope) {
  const auto event = parse_event(kLine);
  ASSERT_TRUE(event.ok()) << render(event.error());
  EXPECT_EQ(event->seq, 0U);
  EXPECT_EQ(event->src_seq, 3U);
  EXPECT_EQ(event->run_id, "r1");
  EXPECT_EQ(to_json(*event), valid()) << "unknown fields are kept, and seq is not invented";
  Event accepted = *event;
  accepted.seq = 7;
  accepted.recv_mono_ns = 42;
  const auto again = parse_event(to_line(accepted));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->seq, 7U);
  EXPECT_EQ(again->recv_mono_ns, 42);
}

TEST(Event, NamesTheFieldThatIsWrong) {
  struct Bad {
    const char* name;
    Json value;
    const char* message;
  };
  const std::vector<Bad> all = {
      {"source", "", "/source: expected a string that is not empty, found string \"\""},
      {"src_seq", 0, "/src_seq: expected an integer from 1, found number 0"},
      {"src_seq", "1", "/src_seq: expected an integer from 1, found string \"1\""},
      {"src_seq", 1.5, "/src_seq: expected an integer from 1, found number 1.5"},
      {"ts", "yesterday", "/ts: expected an RFC 3339 time, found string \"yesterday\""},
      {"event", "a..b", "/event: expected a dotted event name, found string \"a..b\""},
      {"actor", {{"user", "ada"}}, "/actor: expected {user, role} or null, found an object"},
      {"workspace_slug", nullptr, "/workspace_slug: expected a string, found null"},
      {"run_id", 5, "/run_id: expected a string, found number 5"},
      {"payload", Json::array(), "/payload: expected an object, found an array"},
      {"seq", -1, "/seq: expected an integer from 1, found number -1"},
      {"recv_mono_ns", true, "/recv_mono_ns: expected an integer from 0, found true"}};
  for (const Bad& bad : all) {
    Json json = valid();
    json[bad.name] = bad.value;
    const auto event = event_from_json(json, {"hatch.jsonl", 12, 0});
    ASSERT_FALSE(event.ok()) << bad.message;
    EXPECT_EQ(event.error().code, "event_field");
    EXPECT_EQ(event.error().message, bad.message);
    EXPECT_EQ(event.error().place.line, 12);
  }
  for (const char* required :
       {"source", "src_seq", "ts", "event", "actor", "workspace_slug", "payload"}) {
    Json json = valid();
    json.erase(required);
    const auto event = event_from_json(json);
    ASSERT_FALSE(event.ok()) << required;
    EXPECT_THAT(event.error().message, ::testing::HasSubstr("found nothing")) << required;
  }
}

TEST(Event, EveryPrefixOfALineIsAnErrorWithAColumn) {
  const std::string line = kLine;
  for (std::size_t length = 0; length < line.size(); ++length) {
    const auto event = parse_event(line.substr(0, length), {"hatch.jsonl", 4, 0});
    ASSERT_FALSE(event.ok()) << length;
    EXPECT_EQ(event.error().place.line, 4) << length;
    EXPECT_GT(event.error().place.column, 0) << length;
  }
}

TEST(Event, FieldsAreFoundByPointer) {
  const Event event = parse_event(kLine).value_or_throw();
  EXPECT_EQ(field(event, "/payload/last_status"), "ready");
  EXPECT_EQ(field(event, "/payload/a~1b/1/~0"), 2);
  EXPECT_EQ(field(event, "/actor/role"), "admin");
  EXPECT_EQ(field(event, "/run_id"), "r1");
  EXPECT_EQ(field(event, "/later/x"), 1);
  EXPECT_EQ(field(event, "/event"), "hearth.provisioned");
  EXPECT_EQ(field(event, "")->at("src_seq"), 3);
  for (const char* absent : {"/seq", "/payload/nope", "/payload/a~1b/2", "/payload/a~1b/01",
                             "/event/x", "/payload/last_status/0"})
    EXPECT_EQ(field(event, absent), std::nullopt) << absent;
  EXPECT_FALSE(valid_pointer("payload"));
  EXPECT_FALSE(valid_pointer("/a~2"));
  EXPECT_FALSE(valid_pointer("/a~"));
}

TEST(Timestamp, ReadsRfc3339AndNothingElse) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_rfc3339("2000-03-01T00:00:00.5Z"), 951'868'800'500'000'000);
  EXPECT_EQ(parse_rfc3339("1994-11-06T09:49:37.000000001+01:00"), 784'111'777'000'000'001);
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z").has_value(), true);
  for (const char* bad :
       {"", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+1:00",
        "2024-01-01T00:00:00Zx", "20240101T000000Z", "2024-01-01X00:00:00Z"})
    EXPECT_EQ(parse_rfc3339(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace muster::events
