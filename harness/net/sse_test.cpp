#include "net/sse.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "base/json.hpp"

namespace muster::net {
namespace {

/// `id|type|data` of each event.
using Events = std::vector<std::string>;

struct Vector {
  std::string name;
  std::string stream;
  Events events;
};

/// Those that ci/conformance_sse holds the parser against as well.
const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all = [] {
    std::ifstream file(MUSTER_SOURCE_DIR "/fixtures/vectors/sse.json");
    std::vector<Vector> read;
    for (const Json& one : Json::parse(file)) {
      Vector vector{one.at("name"), one.at("stream"), {}};
      for (const Json& event : one.at("events")) {
        vector.events.push_back(event.at("id").get<std::string>() + "|" +
                                event.at("event").get<std::string>() + "|" +
                                event.at("data").get<std::string>());
      }
      read.push_back(std::move(vector));
    }
    return read;
  }();
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
