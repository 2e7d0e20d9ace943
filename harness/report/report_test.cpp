#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "report/colour.hpp"
#include "report/format.hpp"
#include "report/layout.hpp"
#include "report/line_writer.hpp"
#include "report/narration.hpp"
#include "report/story.hpp"
#include "testing/temp_tree.hpp"

namespace muster::report {
namespace {

using messages::Status;
using muster::testing::TempTree;

bool coloured(ColourWish wish, const std::map<std::string, std::string>& variables, bool terminal) {
  return use_colour(
      wish,
      [&](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      },
      terminal);
}

TEST(Colour, FollowsTheOrderOfItsRule) {
  const ColourWish automatic = ColourWish::automatic;
  EXPECT_TRUE(coloured(ColourWish::always, {{"NO_COLOR", "1"}}, false));
  EXPECT_FALSE(coloured(ColourWish::never, {{"FORCE_COLOR", "1"}}, true));
  EXPECT_FALSE(coloured(automatic, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}, true));
  EXPECT_TRUE(coloured(automatic, {{"NO_COLOR", ""}}, true));
  EXPECT_TRUE(coloured(automatic, {{"FORCE_COLOR", "1"}, {"CLICOLOR", "0"}}, false));
  EXPECT_TRUE(coloured(automatic, {{"CLICOLOR_FORCE", "1"}, {"TERM", "dumb"}}, false));
  EXPECT_FALSE(coloured(automatic, {{"FORCE_COLOR", "0"}}, false));
  EXPECT_FALSE(coloured(automatic, {{"CLICOLOR", "0"}}, true));
  EXPECT_FALSE(coloured(automatic, {{"TERM", "dumb"}}, true));
  EXPECT_TRUE(coloured(automatic, {{"TERM", "xterm"}}, true));
  EXPECT_FALSE(coloured(automatic, {}, false));
  EXPECT_EQ(parse_colour("sometimes").error().code, "colour_option");
}

TEST(Format, PrettyIsAddedWhenStandardOutputIsFree) {
  const TempTree tree;
  const int out = ::open(tree.str("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(out, 0);
  ReportOptions options;
  options.formats = {{"message", tree.str("deep/er/messages.ndjson")}};
  options.environment = [](std::string_view) { return std::nullopt; };
  options.stdout_fd = out;
  const std::unique_ptr<Reporter> reporter = std::move(open_reports(options)).value_or_throw();
  Narration run(*reporter);
  run.run_started();
  run.run_finished(true);
  EXPECT_TRUE(reporter->finish().ok());
  ::close(out);
  EXPECT_EQ(tree.read("out"), "0 scenarios\n0 steps\n0.000s\n");
  EXPECT_EQ(tree.read("deep/er/messages.ndjson"),
            "{\"testRunStarted\":{\"timestamp\":{\"seconds\":1,\"nanos\":0},\"id\":\"run\"}}\n"
            "{\"testRunFinished\":{\"success\":true,\"timestamp\":{\"seconds\":1,\"nanos\":0},"
            "\"testRunStartedId\":\"run\"}}\n");
}

TEST(Messages, LeaveWhenNothingMoreComes) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ReportOptions options;
  options.formats = {{"message", ""}};
  options.environment = [](std::string_view) { return std::nullopt; };
  options.stdout_fd = ends[1];
  const std::unique_ptr<Reporter> reporter = std::move(open_reports(options)).value_or_throw();
  Narration run(*reporter);
  run.run_started();
  reporter->quiet();
  std::string got(4096, '\0');
  const ssize_t size = ::read(ends[0], got.data(), got.size());
  ASSERT_GT(size, 0);
  EXPECT_EQ(got[static_cast<std::size_t>(size) - 1], '\n');
  ::close(ends[0]);
  void (*before)(int) = std::signal(SIGPIPE, SIG_IGN);
  run.run_finished(true);
  const Result<void> finished = reporter->finish();
  std::signal(SIGPIPE, before);
  ::close(ends[1]);
  ASSERT_FALSE(finished.ok());
  EXPECT_NE(finished.error().message.find("standard output"), std::string::npos);
}

TEST(LineWriter, ReportsAFullDisk) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  LineWriter writer = LineWriter::to(full, "standard output");
  writer.write("a line\n");
  writer.flush();
  EXPECT_EQ(writer.failure()->code, "disk_full");
  EXPECT_EQ(writer.finish().error().code, "disk_full");
  ::close(full);
}

TEST(LineWriter, LeavesNoTornLine) {
  const TempTree tree;
  LineWriter writer = std::move(LineWriter::file(tree.str("file"))).value_or_throw();
  EXPECT_FALSE(writer.is_live());
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  void (*handler)(int) = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limited{25, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limited);
  writer.write("0123456789\n0123456789\n0123456789\n");
  writer.flush();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(writer.finish().ok());
  EXPECT_EQ(tree.read("file"), "0123456789\n0123456789\n");
}

TEST(LineWriter, KeepsALineUntilItEnds) {
  const TempTree tree;
  LineWriter writer = std::move(LineWriter::file(tree.str("file"))).value_or_throw();
  writer.write("one\ntw");
  writer.flush();
  EXPECT_EQ(tree.read("file"), "one\n");
  writer.write("o");
  EXPECT_TRUE(writer.finish().ok());
  EXPECT_EQ(tree.read("file"), "one\ntwo");
}

TEST(Layout, Durations) {
  EXPECT_EQ(duration_text(0), "0.000s");
  EXPECT_EQ(duration_text(-5), "0.000s");
  EXPECT_EQ(duration_text(1'234'567'890), "1.234s");
  EXPECT_EQ(duration_text(61'500'000'000), "1m 1.500s");
  EXPECT_EQ(duration_text(3'600'000'000'000), "1h 0m 0.000s");
}

TEST(Layout, ShellWords) {
  EXPECT_EQ(shell_word("features/a.feature:3"), "features/a.feature:3");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("$(x)'"), R"('$(x)'\''')");
  EXPECT_EQ(shell_word(""), "''");
}

/// Tells a story alone, without a report.
class StoryTeller final : public Reporter {
 public:
  explicit StoryTeller(Story& story) : story_(story) {}
  void on(const messages::Envelope& envelope) override {
    story_.tell(envelope);
    story_.forget(envelope);
  }
  Result<void> finish() override { return {}; }

 private:
  Story& story_;
};

TEST(Story, ForgetsWhatIsOver) {
  Story story;
  StoryTeller told(story);
  Narration run(told);
  run.feature("f", "F");
  const std::string first = run.scenario("one", 2, {{"Given ", "x"}});
  const std::string second = run.scenario("two", 3, {{"Given ", "x"}});
  const std::string third = run.scenario("three", 4, {{"Given ", "x"}});
  run.end_feature();
  run.run_started();
  const std::string id = run.started(first);
  ASSERT_NE(story.attempt(id), nullptr);
  run.step(id, 0, Status::passed);
  run.finished(id);
  EXPECT_EQ(story.attempt(id), nullptr);
  run.play(second, {Status::failed}, "", 0, true);
  EXPECT_EQ(story.scenarios()[static_cast<std::size_t>(Status::failed)], 0);
  const std::string open = run.started(third);
  run.run_finished(false);
  EXPECT_EQ(story.scenarios()[static_cast<std::size_t>(Status::passed)], 1);
  EXPECT_EQ(story.scenarios()[static_cast<std::size_t>(Status::unknown)], 1);
  EXPECT_EQ(story.not_run().size(), 1u);
  ASSERT_EQ(story.troubles().size(), 1u);
  EXPECT_EQ(story.troubles()[0].name, "three");
}

TEST(Story, StepsThatAreMissingAreNoPass) {
  const auto status_of = [](const std::vector<Status>& statuses) {
    Story story;
    StoryTeller told(story);
    Narration run(told);
    run.feature("f", "F");
    const std::string id = run.scenario("one", 2, {{"Given ", "x"}, {"Then ", "y"}});
    run.end_feature();
    run.run_started();
    run.play(id, statuses);
    run.run_finished(false);
    for (std::size_t i = 0; i < kStatuses; ++i)
      if (story.scenarios()[i] == 1) return static_cast<Status>(i);
    return Status::unknown;
  };
  EXPECT_EQ(status_of({}), Status::unknown);
  EXPECT_EQ(status_of({Status::passed}), Status::unknown);
  EXPECT_EQ(status_of({Status::skipped}), Status::unknown);
  EXPECT_EQ(status_of({Status::failed}), Status::failed);
  EXPECT_EQ(status_of({Status::unknown, Status::skipped}), Status::unknown);
  EXPECT_EQ(status_of({Status::passed, Status::passed}), Status::passed);
  EXPECT_EQ(status_of({Status::passed, Status::skipped}), Status::skipped);
  EXPECT_EQ(status_of({Status::pending, Status::unknown}), Status::pending);
}

TEST(Word, IsOfWhatMadeAScenarioFail) {
  messages::TestStepResult result;
  result.status = Status::failed;
  EXPECT_EQ(cause_of(result), "");
  result.exception = messages::Exception{"std::runtime_error", "timed-out", std::nullopt};
  EXPECT_EQ(cause_of(result), "");
  result.exception->type = "timed-out";
  EXPECT_EQ(cause_of(result), "timed-out");

  Attempt attempt;
  EXPECT_EQ(attempt.word(), "passed");
  attempt.worst = Status::failed;
  attempt.results.push_back({"1", Status::passed, 0, "", {}, ""});
  attempt.results.push_back({"2", Status::failed, 0, "", {}, "leaked"});
  attempt.results.push_back({"3", Status::failed, 0, "", {}, "timed-out"});
  EXPECT_EQ(attempt.word(), "leaked");
}

}  // namespace
}  // namespace muster::report
