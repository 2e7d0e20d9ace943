#pragma once

#include "messages/timeline.hpp"

namespace muster::report {

/// The timeline of a play that broke at gap C, begun when a Narration begins. For tests only.
inline messages::Timeline broken_play() {
  using Item = messages::Timeline::Item;
  messages::Timeline made;
  made.begin_wall_ns = 1'000'000'000;
  made.until_us = 21'000;
  made.lanes = {{"step", "test"},     {"process", "console"},
                {"process", "ralph"}, {"http", "console → ralph"},
                {"event", "HATCH"},   {"wait", "waits"}};
  const auto add = [&](Item item) { made.items.push_back(std::move(item)); };
  add({0, "step", "Given the programs run", "", 0, 10'000, {}, "", "", {{"result", "passed"}}});
  add({1, "run", "console", "", 1'000, 20'000, 4'000, "", "", {{"pid", 41}, {"end", "exited 0"}}});
  add({2, "run", "ralph", "open", 1'500, {}, 5'000, "", "", {{"pid", 42}}});
  add({2, "log", "listening", "", 4'900, {}, {}, "", "", {{"stream", "stderr"}}});
  add({4, "recorded", "hearth.provisioned", "", 6'000, {}, {}, "", "", {{"subject", "console"}}});
  add({0, "step", "Then the chain holds", "failed", 10'000, 20'000, {}, "", "", Json::object()});
  add({3,
       "exchange",
       "POST /runs  401",
       "failed",
       11'000,
       12'000,
       {},
       "console",
       "ralph",
       {{"status", 401}}});
  add({5, "met", "ralph is quiet", "", 13'000, 14'000, {}, "", "", Json::object()});
  made.gap = messages::Timeline::Gap{"C",
                                     "the worker rejected the console's bearer (401)",
                                     "HATCH chain for workspace \"test\"",
                                     "after #2, before #3",
                                     6'000,
                                     20'000,
                                     {{12'000, "console → ralph  POST /runs  401"},
                                      {{}, "key fingerprints: console 9f3c…  ralph 41d0…"}}};
  return made;
}

}  // namespace muster::report
