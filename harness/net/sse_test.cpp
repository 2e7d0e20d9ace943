#include "net/sse.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace muster::net {
namespace {

/// `id|type|data` of each event.
using Events = std::vector<std::string>;

struct Vector {
  const char* name;
  std::string stream;
  Events events;
};

const std::vector<Vector>& vectors() {
  using namespace std::string_literals;
  // The first four are the examples of the standard (WHATWG HTML, 9.2.6).
  static const std::vector<Vector> all = {
      {"three lines of data", "data: YHOO\ndata: +2\ndata: 10\n\n", {"|message|YHOO\n+2\n10"}},
      {"ids and comments",
       ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
       "event\n\n",
       {"1|message|first event", "|message|second event", "|message| third event"}},
      {"empty data", "data\n\ndata\ndata\n\ndata:", {"|message|", "|message|\n"}},
      {"one space is dropped", "data:test\n\ndata: test\n\n", {"|message|test", "|message|test"}},
      {"CR ends lines", "data: a\rdata: b\r\rdata: c\r\r", {"|message|a\nb", "|message|c"}},
      {"CRLF ends lines", "data: a\r\ndata: b\r\n\r\n", {"|message|a\nb"}},
      {"line ends mixed",
       "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\n",
       {"|message|a\nb\nc", "|message|d"}},
      {"one BOM",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {"|message|a"}},
      {"second BOM",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: a\n\n",
       {}},
      {"BOM later",
       "data: a\n\n\xEF\xBB\xBF"
       "data: b\n\n",
       {"|message|a"}},
      {"id persists", "id: 7\ndata: a\n\ndata: b\n\n", {"7|message|a", "7|message|b"}},
      {"empty id resets", "id: 7\ndata: a\n\nid:\ndata: b\n\n", {"7|message|a", "|message|b"}},
      {"NUL in id", "id: 7\ndata: a\n\nid: 8\0x\ndata: b\n\n"s, {"7|message|a", "7|message|b"}},
      {"NUL in data", "data: a\0b\n\n"s, {"|message|a\0b"s}},
      {"type", "event: add\ndata: 1\n\ndata: 2\n\n", {"|add|1", "|message|2"}},
      {"type without data", "event: add\n\ndata: 2\n\n", {"|message|2"}},
      {"empty type", "event:\ndata: 1\n\n", {"|message|1"}},
      {"unknown field", "foo: bar\ndata: 1\n bar: x\nDATA: 2\n\n", {"|message|1"}},
      {"colon in value", "data: a: b\n\n", {"|message|a: b"}},
      {"comment between", "data: a\n: beat\ndata: b\n\n", {"|message|a\nb"}},
      {"unterminated", "data: a\n\ndata: b\n", {"|message|a"}},
      {"unterminated line", "data: a\n\ndata: b", {"|message|a"}},
      {"heartbeats only", ": \n\n:\n\n\n\n", {}},
      {"UTF-8", "data: \xE2\x86\x92\n\n", {"|message|\xE2\x86\x92"}},
  };
  return all;
}

Events read(std::string_view stream, std::size_t piece) {
  Events out;
  SseParser parser([&](const SseEvent& event) {
    out.push_back(event.id + "|" + event.event + "|" + event.data);
  });
  for (std::size_t at = 0; at < stream.size(); at += piece) parser.feed(stream.substr(at, piece));
  return out;
}

TEST(SseParser, EveryVectorWholeAndInPiecesOfEverySize) {
  for (const auto& vector : vectors()) {
    for (std::size_t piece = 1; piece <= vector.stream.size(); ++piece) {
      EXPECT_EQ(read(vector.stream, piece), vector.events)
          << vector.name << ", pieces of " << piece;
    }
  }
}

TEST(SseParser, RetryTakesDigitsOnly) {
  SseParser parser([](const SseEvent&) {});
  EXPECT_FALSE(parser.retry_ms());
  parser.feed("retry: 1500\n\n");
  EXPECT_EQ(parser.retry_ms(), 1500U);
  parser.feed("retry: -1\nretry: 2s\nretry:\nretry: +3\nretry: 99999999999999999999999\n\n");
  EXPECT_EQ(parser.retry_ms(), 1500U);
  parser.feed("retry:0\n");
  EXPECT_EQ(parser.retry_ms(), 0U);
}

TEST(SseParser, LastEventIdIsThatOfTheLastWholeBlock) {
  SseParser parser([](const SseEvent&) {}, "4");
  EXPECT_EQ(parser.last_event_id(), "4");
  parser.feed("id: 5\ndata: x\n");
  EXPECT_EQ(parser.last_event_id(), "4");
  parser.feed("\n");
  EXPECT_EQ(parser.last_event_id(), "5");
  parser.feed("id: 6\n\n");
  EXPECT_EQ(parser.last_event_id(), "6");
}

TEST(SseParser, OffsetsPointAtTheFirstLine) {
  const std::string stream = ": beat\n\nid: 1\r\ndata: a\r\n\r\n: x\ndata: b\n\n";
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    std::vector<std::string> starts;
    SseParser parser(
        [&](const SseEvent& event) { starts.push_back(stream.substr(event.offset, 5)); });
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      parser.feed(std::string_view(stream).substr(at, piece));
    }
    EXPECT_EQ(starts, (std::vector<std::string>{"id: 1", "data:"})) << piece;
    EXPECT_EQ(parser.offset(), stream.size());
  }
}

TEST(SseParser, AnEndlessEventIsGivenUp) {
  int events = 0;
  SseParser parser([&](const SseEvent&) { ++events; }, {}, 1000);
  parser.feed("data: small\n\n");
  for (int i = 0; i < 200; ++i) parser.feed("data: 12345678\n");
  parser.feed("\n\ndata: later\n\n");
  EXPECT_TRUE(parser.overflowed());
  EXPECT_EQ(events, 1);
}

TEST(SseSplitter, BlocksTogetherAreTheStream) {
  for (const auto& vector : vectors()) {
    for (std::size_t piece = 1; piece <= vector.stream.size(); ++piece) {
      SseSplitter splitter;
      std::string joined;
      Events events;
      SseParser parser([&](const SseEvent& event) {
        events.push_back(event.id + "|" + event.event + "|" + event.data);
      });
      const std::string_view stream = vector.stream;
      for (std::size_t at = 0; at < stream.size(); at += piece) {
        splitter.feed(stream.substr(at, piece), [&](std::string_view block) {
          const auto before = events.size();
          joined += block;
          parser.feed(block);
          EXPECT_LE(events.size(), before + 1) << vector.name;
        });
      }
      EXPECT_EQ(joined + splitter.rest(), vector.stream) << vector.name;
      EXPECT_EQ(events, vector.events) << vector.name << ", pieces of " << piece;
    }
  }
}

TEST(SseFrame, WritesWhatTheParserReads) {
  EXPECT_EQ(sse_frame("3", "{}"), "id: 3\ndata: {}\n\n");
  EXPECT_EQ(sse_frame("", "a\nb\r\nc\rd\n"), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
  EXPECT_EQ(sse_comment("beat\nbeat"), ": beat beat\n\n");
  EXPECT_EQ(read(sse_frame("9", " x\ny") + sse_comment("b"), 3), (Events{"9|message| x\ny"}));
}

}  // namespace
}  // namespace muster::net
