#include "run/program_table.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace muster::run {
namespace {

Observation seen(std::string kind, std::string subject, Json data) {
  Observation made;
  made.lane = "process";
  made.kind = std::move(kind);
  made.subject = std::move(subject);
  made.data = std::move(data);
  return made;
}

TEST(ProgramTable, IsEmptyWithoutPrograms) {
  EXPECT_EQ(ProgramTable().text(), "");
}

TEST(ProgramTable, TellsWhoLivesAndWhatItPrintedLast) {
  ProgramTable table;
  table.take(seen("spawned", "this", {{"pid", getpid()}}));
  table.take(seen("spawned", "other", {{"pid", 4'000'000}}));
  table.take(seen("ready", "this", {{"pid", getpid()}, {"by", "http"}}));
  table.take(seen("exited", "other", {{"pid", 4'000'000}, {"exited", 3}}));
  table.take(seen("spawn_failed", "gone", {{"message", "no such file"}}));
  std::string lines;
  for (int i = 1; i <= 30; ++i) lines += "line " + std::to_string(i) + "\n";
  table.take(seen("log", "other", {{"pid", 4'000'000}, {"text", lines}}));
  table.take(seen("log", "this", {{"pid", getpid()}, {"text", "\x1b[31mred\n"}}));
  const std::string text = table.text();
  EXPECT_NE(text.find("program  pid"), text.npos) << text;
  EXPECT_NE(text.find("yes    no port  ready by http"), text.npos) << text;
  EXPECT_NE(text.find("exited 3"), text.npos) << text;
  EXPECT_NE(text.find("no such file"), text.npos) << text;
  EXPECT_NE(text.find("  other | line 30\n"), text.npos) << text;
  EXPECT_NE(text.find("  other | line 11\n"), text.npos) << text;
  EXPECT_EQ(text.find("line 10\n"), text.npos) << text;
  EXPECT_EQ(text.find('\x1b'), text.npos) << text;
}

TEST(ProgramTable, AProcessThatIsGoneIsNotAlive) {
  ProgramTable table;
  table.take(seen("spawned", "lost", {{"pid", 4'100'000}}));
  EXPECT_NE(table.text().find("4100000  no"), std::string::npos) << table.text();
}

}  // namespace
}  // namespace muster::run
