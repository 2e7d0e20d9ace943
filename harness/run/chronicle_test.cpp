#include "run/chronicle.hpp"

#include <gmock/gmock.h>

#include "run/backlog.hpp"

namespace muster::run {
namespace {

using testing::ElementsAre;

frame::Attached marked(const std::string& text) {
  return {-1, {}, text, "text/plain", "", true};
}

TEST(Chronicle, TellsInPlanOrderAndCountsIdsSo) {
  Plan plan;
  plan.cases.resize(3);
  for (std::size_t i = 0; i < 3; ++i) plan.cases[i].id = 100 + i;
  int ids = 0;
  std::vector<std::string> out;
  Chronicle chronicle(
      plan, [&] { return std::to_string(ids++); },
      [&](const messages::Envelope& it) {
        if (const auto* started = std::get_if<messages::TestCaseStarted>(&it)) {
          out.push_back(started->test_case_id + "=" + started->id);
        } else if (const auto* attached = std::get_if<messages::Attachment>(&it)) {
          out.push_back(attached->body);
        }
      },
      testing::TempDir());
  chronicle.add(1, frame::CaseStarted{1, 0, 0, {}});
  chronicle.add(1, marked("1a"));
  chronicle.add(0, frame::CaseStarted{0, 0, 0, {}});
  chronicle.add(0, marked("0a"));
  EXPECT_THAT(out, ElementsAre("100=0", "0a"));
  chronicle.add(2, frame::CaseStarted{2, 0, 0, {}});
  chronicle.done(2);
  chronicle.add(0, marked("0b"));
  chronicle.done(0);
  EXPECT_THAT(out, ElementsAre("100=0", "0a", "0b", "101=1", "1a"));
  chronicle.add(1, marked("1b"));
  chronicle.done(1);
  EXPECT_THAT(out, ElementsAre("100=0", "0a", "0b", "101=1", "1a", "1b", "102=2"));
}

std::string released(Backlog& backlog, std::size_t index) {
  std::string all;
  backlog.release(index, [&](std::string_view bytes) { all += bytes; });
  return all;
}

TEST(Backlog, GoesToAFileWhenItGrows) {
  Backlog backlog(testing::TempDir(), 1000);
  std::string first;
  std::string second;
  for (int i = 0; i < 500; ++i) {
    const std::string a = "a" + std::to_string(i) + ",";
    const std::string b = std::string(static_cast<std::size_t>(i), 'b');
    backlog.add(7, a);
    backlog.add(3, b);
    first += a;
    second += b;
    EXPECT_LE(backlog.bytes_in_memory(), 1000u);
  }
  EXPECT_EQ(released(backlog, 7), first);
  EXPECT_EQ(released(backlog, 3), second);
  EXPECT_EQ(released(backlog, 3), "");
  backlog.add(3, "again");
  EXPECT_EQ(released(backlog, 3), "again");
  EXPECT_EQ(backlog.bytes_in_memory(), 0u);
}

}  // namespace
}  // namespace muster::run
