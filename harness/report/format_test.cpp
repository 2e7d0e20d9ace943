// Where reports go: several at once, places that are refused, files that appear as a whole.
#include "report/format.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "report/narrated_runs.hpp"
#include "report/pending_file.hpp"
#include "testing/temp_tree.hpp"

namespace muster::report {
namespace {

namespace fs = std::filesystem;
using muster::testing::TempTree;

ReportOptions to(std::vector<Format> formats) {
  ReportOptions options;
  options.formats = std::move(formats);
  options.environment = [](std::string_view) { return std::nullopt; };
  options.stdout_fd = -1;
  return options;
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Format, NamesItsPlace) {
  EXPECT_EQ(*parse_format("pretty"), (Format{"pretty", ""}));
  EXPECT_EQ(*parse_format("message:a:b"), (Format{"message", "a:b"}));
  for (const std::string place : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
    EXPECT_EQ(*parse_format("message:" + place), (Format{"message", ""}));
  EXPECT_EQ(parse_format("message:").error().code, "format_file");
  EXPECT_EQ(parse_format("massage").error().hint, "did you mean 'message'?");
  EXPECT_EQ(parse_format("junti:x").error().hint, "did you mean 'junit'?");
  EXPECT_EQ(parse_format("").error().code, "format_unknown");
  EXPECT_EQ(parse_format("xxxxxxxxxxx").error().hint,
            "formats are github, html, json, junit, message, otlp, pretty, progress, rerun, "
            "summary, tap, "
            "teamcity, trace, usage");
}

TEST(Format, OnePlaceTakesOneFormat) {
  const TempTree tree;
  EXPECT_EQ(open_reports(to({{"pretty", ""}, {"message", ""}})).error().code, "format_twice");
  EXPECT_EQ(
      open_reports(to({{"junit", tree.str("x")}, {"message", tree.str("./y/../x")}})).error().code,
      "format_twice");
  fs::create_symlink(tree.path() / "x", tree.path() / "link");
  EXPECT_EQ(
      open_reports(to({{"junit", tree.str("x")}, {"message", tree.str("link")}})).error().code,
      "format_twice");
}

TEST(Format, APlaceThatIsRefusedLeavesTheOthersAsTheyWere) {
  const TempTree tree;
  tree.write("file", "old");
  tree.write("good.xml", "old report");
  tree.write("good.ndjson", "old messages");
  const std::vector<Format> good = {{"junit", tree.str("good.xml")},
                                    {"message", tree.str("good.ndjson")}};
  for (const std::string place : {"file/below", ""}) {
    for (const std::string format : {"junit", "message", "html", "rerun"}) {
      std::vector<Format> formats = good;
      formats.push_back({format, tree.str(place) + (place.empty() ? "/" : "")});
      const auto refused = open_reports(to(formats));
      ASSERT_FALSE(refused.ok()) << format << " to " << formats.back().file;
      EXPECT_NE(refused.error().message.find("can not write the report"), std::string::npos);
    }
  }
  EXPECT_EQ(tree.read("good.xml"), "old report");
  EXPECT_EQ(tree.read("good.ndjson"), "old messages");
  EXPECT_EQ(files_in(tree.path()), 3u);
}

TEST(Format, AnOldReportIsGoneWhenTheRunBegins) {
  const TempTree tree;
  tree.write("report.xml", "green, from another day");
  tree.write("messages.ndjson", "green, from another day");
  {
    const auto reports = std::move(open_reports(to({{"junit", tree.str("report.xml")},
                                                    {"message", tree.str("messages.ndjson")}})))
                             .value_or_throw();
    EXPECT_FALSE(fs::exists(tree.path() / "report.xml"));
    EXPECT_EQ(tree.read("messages.ndjson"), "");
    Narration run(*reports);
    narrated::good(run);
    reports->quiet();
    // whole or not at all; messages stream
    EXPECT_FALSE(fs::exists(tree.path() / "report.xml"));
    EXPECT_NE(tree.read("messages.ndjson"), "");
    // the run is killed here: nobody finishes the reports
  }
  EXPECT_EQ(files_in(tree.path()), 1u);
}

TEST(Format, AReportAppearsAsAWhole) {
  const TempTree tree;
  fs::create_directory(tree.path() / "real");
  fs::create_symlink(tree.path() / "real/report.xml", tree.path() / "link.xml");
  const auto reports =
      std::move(open_reports(to({{"junit", tree.str("link.xml")}, {"tap", tree.str("a/b/c.tap")}})))
          .value_or_throw();
  Narration run(*reports);
  narrated::good(run);
  static_cast<void>(reports->finish());
  EXPECT_TRUE(fs::is_symlink(tree.path() / "link.xml"));
  EXPECT_TRUE(tree.read("real/report.xml").ends_with("</testsuites>\n"));
  EXPECT_TRUE(tree.read("a/b/c.tap").ends_with("1..3\n"));
  EXPECT_EQ(files_in(tree.path() / "real"), 1u);
  struct stat status {};
  ASSERT_EQ(::stat(tree.str("real/report.xml").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0111, 0u);
  EXPECT_NE(status.st_mode & 0400, 0u);
}

TEST(Format, DevicesAndPipesAreWrittenAsTheyAre) {
  const TempTree tree;
  const std::string fifo = tree.str("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const auto reports =
      std::move(open_reports(to({{"rerun", fifo}, {"junit", "/dev/null"}}))).value_or_throw();
  Narration run(*reports);
  narrated::outcomes(run);
  static_cast<void>(reports->finish());
  std::string got(4096, '\0');
  const ssize_t size = ::read(reader, got.data(), got.size());
  ::close(reader);
  ASSERT_GT(size, 0);
  got.resize(static_cast<std::size_t>(size));
  EXPECT_EQ(got, "features/outcomes.feature:14:24:54:64:74:84\n");
  struct stat status {};
  ASSERT_EQ(::stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

TEST(Format, AFullDiskIsAnErrorAndLeavesNoReport) {
  const TempTree tree;
  const auto reports = std::move(open_reports(to({{"message", ""},
                                                  {"json", tree.str("report.json")},
                                                  {"html", "/dev/full"},
                                                  {"junit", tree.str("report.xml")}})))
                           .value_or_throw();
  Narration run(*reports);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  void (*handler)(int) = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limited{100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limited);
  narrated::outcomes(run);
  const Result<void> finished = reports->finish();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(finished.ok());
  EXPECT_EQ(files_in(tree.path()), 0u);
}

TEST(PendingFile, LeavesNothingBehindAndReplacesWhatIsThere) {
  const TempTree tree;
  tree.write("place", "old");
  { auto never = std::move(PendingFile::open(tree.str("place"))).value_or_throw(); }
  EXPECT_EQ(tree.read("place"), "old");
  auto file = std::move(PendingFile::open(tree.str("place"))).value_or_throw();
  ASSERT_EQ(::write(file.fd(), "new", 3), 3);
  EXPECT_EQ(tree.read("place"), "old");
  EXPECT_TRUE(file.commit().ok());
  EXPECT_EQ(tree.read("place"), "new");
  EXPECT_EQ(files_in(tree.path()), 1u);
  auto gone = std::move(PendingFile::open(tree.str("folder/place"))).value_or_throw();
  fs::remove_all(tree.path() / "folder");
  EXPECT_FALSE(gone.commit().ok());
}

}  // namespace
}  // namespace muster::report
