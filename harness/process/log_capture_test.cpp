#include "process/log_capture.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "process/test_bed.hpp"

namespace muster::process {
namespace {

using namespace testing;

/// A capture whose pipes the test writes itself.
struct Written {
  explicit Written(LogLimits limits = {}, const std::string& file = {}) {
    log = LogCapture::make(io.get_executor(), file, std::move(limits)).value_or_throw();
    UniqueFd out_read = open_pipe(out);
    UniqueFd err_read = open_pipe(err);
    log->start(std::move(out_read), std::move(err_read));
  }

  static UniqueFd open_pipe(UniqueFd& write_end) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    write_end.reset(ends[1]);
    return UniqueFd(ends[0]);
  }

  void write(UniqueFd& end, const std::string& text) {
    ASSERT_EQ(::write(end.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    io.restart();
    io.poll();
  }

  void finish() {
    out.reset();
    err.reset();
    io.restart();
    while (!log->ended()) io.run_one();
  }

  boost::asio::io_context io;
  std::shared_ptr<LogCapture> log;
  UniqueFd out;
  UniqueFd err;
};

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(LogCapture, PutsSplitLinesTogetherPerStream) {
  Written written;
  std::vector<std::string> seen;
  std::int64_t last = 0;
  written.log->subscribe([&](const LogLine& line) {
    seen.push_back((line.stream == Stream::out ? "out " : "err ") + std::string(line.text));
    EXPECT_GE(line.t_mono_ns, last);
    last = line.t_mono_ns;
  });
  written.write(written.out, "one\ntw");
  written.write(written.err, "broken ");
  written.write(written.out, "o\n\nthree");
  written.write(written.err, "line\n");
  EXPECT_EQ(seen, (std::vector<std::string>{"out one", "out two", "out ", "err broken line"}));
  written.finish();
  EXPECT_EQ(seen.back(), "out three") << "the last line has no end and is a line all the same";
  EXPECT_EQ(written.log->counts().lines, 5u);
  EXPECT_EQ(written.log->counts().bytes, 26u);
  EXPECT_EQ(written.log->tail(2), (std::vector<std::string>{"broken line", "three"}));
  EXPECT_EQ(written.log->text(), "one\ntwo\n\nbroken line\nthree\n");
}

TEST(LogCapture, ReplaysToThoseWhoComeLateAndForgetsThoseWhoLeave) {
  Written written;
  written.write(written.out, "early\n");
  std::vector<std::string> first;
  std::vector<std::string> second;
  int number = 0;
  number = written.log->subscribe(
      [&](const LogLine& line) {
        first.emplace_back(line.text);
        if (line.text == "leave") written.log->unsubscribe(number);
      },
      true);
  written.log->subscribe([&](const LogLine& line) { second.emplace_back(line.text); });
  written.write(written.out, "leave\nlate\n");
  EXPECT_EQ(first, (std::vector<std::string>{"early", "leave"}));
  EXPECT_EQ(second, (std::vector<std::string>{"leave", "late"}));
  written.finish();
}

TEST(LogCapture, KeepsHeadAndTailAndSaysWhatIsMissing) {
  LogLimits limits;
  limits.head_bytes = 100;
  limits.tail_bytes = 400;
  Written written(limits);
  for (int i = 0; i < 1000; ++i) written.write(written.out, "line " + std::to_string(i) + "\n");
  written.finish();
  const std::string text = written.log->text();
  EXPECT_TRUE(text.starts_with("line 0\n"));
  EXPECT_TRUE(text.ends_with("line 999\n"));
  EXPECT_NE(text.find(" bytes left out ...\n"), std::string::npos);
  EXPECT_LT(text.size(), 1000u);
  EXPECT_EQ(written.log->tail(2), (std::vector<std::string>{"line 998", "line 999"}));
  EXPECT_LT(written.log->tail(1000).size(), 100u) << "never a line from before the gap";
  EXPECT_EQ(written.log->counts().lines, 1000u);
}

TEST(LogCapture, CutsEndlessLines) {
  LogLimits limits;
  limits.line_bytes = 10;
  Written written(limits);
  written.write(written.out, std::string(25, 'x'));
  written.finish();
  EXPECT_EQ(written.log->text(), "xxxxxxxxxx\nxxxxxxxxxx\nxxxxx\n");
}

TEST(LogCapture, WritesAFileOfItsOwnWithoutSecretsUpToItsCap) {
  muster::testing::TempTree tree;
  LogLimits limits;
  limits.file_bytes = 60;
  {
    Written written(limits, tree.str("a.log"));
    written.write(written.out, "Authorization: Bearer hunter2hunter2\n");
    written.write(written.err, "shown\n");
    written.write(written.out, "this line is longer than what is left\n");
    written.write(written.out, "no\n");
    written.finish();
    EXPECT_EQ(written.log->counts().dropped_bytes, 41u);
    EXPECT_EQ(written.log->counts().file_bytes, 43u);
  }
  const std::string text = file_text(tree.str("a.log"));
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_NE(text.find("shown\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("... 41 bytes left out: the file may hold 60\n")) << text;
  struct stat status {};
  ASSERT_EQ(::stat(tree.str("a.log").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(LogCapture, GoesOnWhenTheDiskIsFull) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full";
  Written written({}, "/dev/full");
  written.write(written.out, "a\n");
  written.write(written.out, "b\n");
  written.finish();
  EXPECT_EQ(written.log->counts().file_error, ENOSPC);
  EXPECT_EQ(written.log->counts().dropped_bytes, 4u);
  EXPECT_EQ(written.log->text(), "a\nb\n");
}

TEST(LogCapture, FollowsNoLinkAndBlocksOnNoPipe) {
  muster::testing::TempTree tree;
  boost::asio::io_context io;
  std::filesystem::create_symlink(tree.str("elsewhere"), tree.str("link.log"));
  EXPECT_EQ(LogCapture::make(io.get_executor(), tree.str("link.log"), {}).error().code,
            "log_failed");
  ASSERT_EQ(::mkfifo(tree.str("fifo.log").c_str(), 0600), 0);
  EXPECT_EQ(LogCapture::make(io.get_executor(), tree.str("fifo.log"), {}).error().code,
            "log_failed");
  EXPECT_FALSE(std::filesystem::exists(tree.str("elsewhere")));
}

TEST(LogFileName, IsHarmless) {
  EXPECT_EQ(log_file_name("console-1.x"), "console-1.x");
  EXPECT_EQ(log_file_name("../../etc/passwd"), "_._.._etc_passwd");
  EXPECT_EQ(log_file_name(std::string("a\0b", 3)), "a_b");
  EXPECT_EQ(log_file_name(""), "program");
  EXPECT_EQ(log_file_name(std::string(300, 'n')).size(), 100u);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(LogCapture, AFloodNeverStallsItsChildAndTakesLittleMemory) {
  Bed bed;
  constexpr std::uint64_t flood = 1ULL << 30;
  const long before = peak_kib();
  auto process = bed.spawn(shell("flood", "yes | head -c 1073741824; echo over >&2"));
  const ExitStatus status = run(bed.io, process->wait());
  EXPECT_TRUE(status.success());
  EXPECT_EQ(process->log().counts().bytes, flood + 5);
  EXPECT_EQ(process->log().counts().lines, flood / 2 + 1);
  EXPECT_EQ(process->log().tail(1).size(), 1u);
  if (!sanitized) {
    EXPECT_LE(peak_kib() - before, 16 * 1024);
  }
  EXPECT_LE(std::filesystem::file_size(bed.tree->str("flood.log")), 65u * 1024 * 1024);
}

TEST(LogCapture, ObservesOutputInBounds) {
  Bed bed;
  bed.output(shell("talks", "echo hello; yes | head -c 10000000"));
  std::size_t observed = 0;
  std::size_t blocks = 0;
  for (const Observation& one : bed.recorder.seen) {
    if (one.kind != "log") continue;
    ++blocks;
    observed += one.data["text"].get<std::string>().size();
    EXPECT_EQ(one.lane, "process");
    EXPECT_EQ(one.subject, "talks");
  }
  EXPECT_GT(blocks, 0u);
  EXPECT_LE(observed, 256u * 1024);
}

}  // namespace
}  // namespace muster::process
