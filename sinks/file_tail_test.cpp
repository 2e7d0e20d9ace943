#include "sinks/file_tail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "sinks/memory_sink.hpp"
#include "testing/temp_tree.hpp"

namespace muster::sinks {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;

class Kinds : public Observer {
 public:
  void observe(Observation one) override {
    if (one.kind != "recorded") kinds.push_back(one.kind);
  }
  std::vector<std::string> kinds;
};

class FileTailTest : public ::testing::Test {
 protected:
  void follow(FileTailOptions options = {}) {
    // only inotify may wake it, unless a test says otherwise
    if (options.poll == FileTailOptions().poll) options.poll = std::chrono::hours(1);
    tail_ = FileTail::open(io_.get_executor(), tree_.str("log.jsonl"), sink_, seen_, options)
                .value_or_throw();
  }

  static std::string line(int number, const std::string& ts = "2026-01-02T03:04:05Z") {
    return R"({"source":"rec/00000001","src_seq":)" + std::to_string(number) + R"(,"ts":")" + ts +
           R"(","event":"a.b","actor":null,"workspace_slug":"test","payload":{}})" + "\n";
  }
  void append(const std::string& text) {
    std::ofstream(tree_.str("log.jsonl"), std::ios::app | std::ios::binary) << text;
  }

  /// Runs until the sink holds `count`.
  void until(std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (sink_.size() < count && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
    ASSERT_EQ(sink_.size(), count);
  }
  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> made;
    for (const auto& event : sink_.events()) made.push_back(event->src_seq);
    return made;
  }

  testing::TempTree tree_;
  asio::io_context io_{1};
  MemorySink sink_;
  Kinds seen_;
  std::unique_ptr<FileTail> tail_;
};

TEST_F(FileTailTest, FollowsAFileThatIsMadeLater) {
  follow();
  append(line(1) + line(2));
  until(2);
  append(line(3));
  until(3);
  EXPECT_THAT(numbers(), ElementsAre(1, 2, 3));
  EXPECT_EQ(sink_.events()[2]->seq, 3U);
}

TEST_F(FileTailTest, KeepsTheOrderOfTheFileWhateverTheTimesSay) {
  append(line(1) + line(2) + line(3, "2026-01-02T03:04:04Z") + line(4));
  follow();
  EXPECT_THAT(numbers(), ElementsAre(1, 2, 3, 4));
}

TEST_F(FileTailTest, HalfALineWaitsForTheRest) {
  follow();
  const std::string text = line(1);
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    append(text.substr(at, 1));
    tail_->drain();
    ASSERT_EQ(sink_.size(), 0U);
  }
  append("\n" + line(2).substr(0, 40));
  until(1);
  tail_->close();
  EXPECT_EQ(sink_.size(), 1U);
  EXPECT_THAT(seen_.kinds, ElementsAre("truncated"));
}

TEST_F(FileTailTest, ALineThatIsNoEventIsToldAndPassedOver) {
  append(line(1) + "{\"event\":1}\n\n" + std::string((1 << 20) + 1, 'x') + "\n" + line(2));
  follow();
  EXPECT_THAT(numbers(), ElementsAre(1, 2));
  EXPECT_THAT(seen_.kinds, ElementsAre("refused", "refused"));
}

TEST_F(FileTailTest, AFileThatIsReplacedIsReadToItsEnd) {
  append(line(1));
  follow();
  append(line(2));
  std::filesystem::rename(tree_.path() / "log.jsonl", tree_.path() / "log.1");
  append(line(3));
  until(3);
  EXPECT_THAT(numbers(), ElementsAre(1, 2, 3));
}

TEST_F(FileTailTest, AFileThatIsCutBackIsReadAgain) {
  append(line(1) + line(2));
  follow();
  std::filesystem::resize_file(tree_.path() / "log.jsonl", 0);
  tail_->drain();
  append(line(3));
  until(3);
  EXPECT_THAT(seen_.kinds, ElementsAre("tail_restarted"));
}

TEST_F(FileTailTest, PollsWhereNothingTells) {
  FileTailOptions options;
  options.poll = std::chrono::milliseconds(1);
  options.from_end = true;
  append(line(1));
  follow(options);
  append(line(2));
  until(1);
  EXPECT_THAT(numbers(), ElementsAre(2));
}

TEST_F(FileTailTest, ADirectoryThatIsNotThereIsAnError) {
  const auto tail = FileTail::open(io_.get_executor(), tree_.str("no/log"), sink_, seen_);
  ASSERT_FALSE(tail.ok());
  EXPECT_EQ(tail.error().code, "tail_watch");
}

}  // namespace
}  // namespace muster::sinks
