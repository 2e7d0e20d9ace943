#include "messages/timeline.hpp"

#include <gtest/gtest.h>

namespace muster::messages {
namespace {

Timeline sample() {
  Timeline made;
  made.begin_wall_ns = 1'795'000'000'123'456'789;
  made.until_us = 900;
  made.attempt = 2;
  made.lanes = {{"process", "console"}, {"http", "console → ralph"}};
  made.items.push_back({0, "run", "console", "open", 1, {}, 5, "", "", {{"pid", 7}}});
  made.items.push_back({1, "exchange", "POST /", "failed", 10, 20, {}, "console", "ralph", {}});
  made.gap = Timeline::Gap{"C", "no", "chain", "after #2", 10, 20, {{15, "a"}, {{}, "b"}}};
  made.left_out = 3;
  return made;
}

TEST(Timeline, ComesBackAsItWas) {
  const std::string text = to_text(sample());
  const auto read = timeline_from_text(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(to_text(*read), text);
  EXPECT_EQ(read->begin_wall_ns, 1'795'000'000'123'456'789);
  EXPECT_EQ(read->items.at(1).to, "ralph");
  EXPECT_EQ(read->items.at(0).ready_us, 5);
  EXPECT_FALSE(read->items.at(0).until_us);
  EXPECT_EQ(read->gap->why.at(0).at_us, 15);
  EXPECT_FALSE(read->gap->why.at(1).at_us);
}

TEST(Timeline, OfAnotherShapeOrVersionIsAnError) {
  Json json = *parse_json(to_text(sample()));
  json["format"] = 2;
  EXPECT_EQ(timeline_from_text(dump_json(json)).error().code, "timeline_format");
  for (const char* name : {"begin_wall_ns", "until", "attempt", "lanes", "items"}) {
    Json less = *parse_json(to_text(sample()));
    less.erase(name);
    EXPECT_EQ(timeline_from_text(dump_json(less)).error().code, "timeline_shape") << name;
  }
  json["format"] = 1;
  json["items"][0]["lane"] = 2;
  EXPECT_EQ(timeline_from_text(dump_json(json)).error().code, "timeline_shape");
  EXPECT_EQ(timeline_from_text("[]").error().code, "timeline_shape");
  EXPECT_FALSE(timeline_from_text("{").ok());
}

}  // namespace
}  // namespace muster::messages
