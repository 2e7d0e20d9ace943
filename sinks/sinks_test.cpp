#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "sinks/jsonl_sink.hpp"
#include "sinks/memory_sink.hpp"
#include "sinks/tee_sink.hpp"
#include "testing/temp_tree.hpp"

namespace muster::sinks {
namespace {

events::Event event(std::uint64_t src_seq, const std::string& source = "console/0badcafe") {
  events::Event made;
  made.source = source;
  made.src_seq = src_seq;
  made.ts = "2026-01-02T03:04:05.678Z";
  made.event = "hearth.provisioned";
  made.workspace_slug = "test";
  return made;
}

class TickingClock : public Clock {
 public:
  std::int64_t mono_ns() const override { return ++ticks_; }
  WallTime wall() const override { return {}; }

 private:
  mutable std::int64_t ticks_ = 100;
};

class Recorder : public Observer {
 public:
  void observe(Observation one) override { seen.push_back(std::move(one)); }
  std::vector<Observation> seen;
};

TEST(MemorySink, AssignsOrderAndTime) {
  const TickingClock clock;
  MemorySink sink(clock);
  const auto first = sink.accept(event(1));
  const auto second = sink.accept(event(2));
  EXPECT_EQ(first->seq, 1U);
  EXPECT_EQ(second->seq, 2U);
  EXPECT_EQ(first->recv_mono_ns, 101);
  EXPECT_EQ(sink.events().back()->recv_mono_ns, 102);
}

TEST(MemorySink, RefusesBeyondItsBoundAndSaysSo) {
  MemorySink sink(system_clock(), 2);
  EXPECT_TRUE(sink.accept(event(1)).ok());
  EXPECT_TRUE(sink.accept(event(2)).ok());
  EXPECT_FALSE(sink.overflowed());
  EXPECT_EQ(sink.accept(event(3)).error().code, "sink_full");
  EXPECT_TRUE(sink.overflowed());
  EXPECT_EQ(sink.size(), 2U);
}

TEST(MemorySink, SubscribersGetWhatWasAndWhatComes) {
  MemorySink sink;
  ASSERT_TRUE(sink.accept(event(1)).ok());
  std::vector<std::uint64_t> seen;
  {
    const auto subscription = sink.subscribe([&](const auto& one) { seen.push_back(one->seq); });
    ASSERT_TRUE(sink.accept(event(2)).ok());
  }
  ASSERT_TRUE(sink.accept(event(3)).ok());
  EXPECT_THAT(seen, ::testing::ElementsAre(1, 2));
}

TEST(MemorySink, ManyThreadsMakeOneOrder) {
  MemorySink sink;
  std::vector<std::uint64_t> seen;
  const auto subscription = sink.subscribe([&](const auto& one) { seen.push_back(one->seq); });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&sink, thread] {
      for (std::uint64_t at = 1; at <= 500; ++at)
        ASSERT_TRUE(sink.accept(event(at, "p/" + std::to_string(thread))).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(seen.size(), 2'000U);
  for (std::size_t at = 0; at < seen.size(); ++at) ASSERT_EQ(seen[at], at + 1);
  EXPECT_TRUE(sink.continuity().empty());
}

std::vector<std::string> findings(const std::vector<std::uint64_t>& numbers) {
  Continuity continuity;
  for (const std::uint64_t number : numbers) continuity.take(event(number));
  std::vector<std::string> texts;
  for (const auto& finding : continuity.findings()) texts.push_back(to_text(finding));
  return texts;
}

TEST(Continuity, NamesWhatIsMissingDoubledAndLate) {
  using ::testing::ElementsAre;
  EXPECT_THAT(findings({1, 2, 3}), ElementsAre());
  EXPECT_THAT(findings({1, 2, 4}), ElementsAre("console src_seq 3 is missing"));
  EXPECT_THAT(findings({2}), ElementsAre("console src_seq 1 is missing"));
  EXPECT_THAT(findings({1, 5}), ElementsAre("console src_seq 2–4 are missing"));
  EXPECT_THAT(findings({1, 5, 3}),
              ElementsAre("console src_seq 3 came late", "console src_seq 2 is missing",
                          "console src_seq 4 is missing"));
  EXPECT_THAT(findings({1, 2, 2}), ElementsAre("console src_seq 2 came twice"));
  EXPECT_THAT(findings({1, 3, 2, 2}),
              ElementsAre("console src_seq 2 came late", "console src_seq 2 came twice"));
  EXPECT_THAT(findings({1, ~std::uint64_t{0} - 1}).size(), 1);
}

TEST(Continuity, EverySingleEditOfAStreamIsFound) {
  for (std::uint64_t at = 0; at < 10; ++at) {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t number = 1; number <= 10; ++number) numbers.push_back(number);
    auto doubled = numbers, deleted = numbers, swapped = numbers;
    const auto place = static_cast<long>(at);
    doubled.insert(doubled.begin() + place, numbers[at]);
    deleted.erase(deleted.begin() + place);
    EXPECT_EQ(findings(doubled).size(), 1U) << at;
    // the last one of all cannot be known to be missing
    EXPECT_EQ(findings(deleted).size(), at == 9 ? 0U : 1U) << at;
    if (at == 9) continue;
    std::swap(swapped[at], swapped[at + 1]);
    EXPECT_EQ(findings(swapped).size(), 1U) << at;
  }
}

TEST(JsonlSink, MirrorsLinesWithTheirHashChain) {
  const testing::TempTree tree;
  const std::string path = tree.str("hatch.jsonl");
  auto sink = JsonlSink::open(path).value_or_throw();
  events::Event one = event(1);
  one.seq = 1;
  one.recv_mono_ns = 5;
  ASSERT_TRUE(sink->accept(one).ok());
  one.seq = 2;
  ASSERT_TRUE(sink->accept(one).ok());
  ASSERT_TRUE(sink->sync().ok());
  const std::string text = tree.read("hatch.jsonl");
  std::string head(32, '\0');
  std::size_t lines = 0;
  for (std::size_t begin = 0; begin < text.size(); ++lines) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    EXPECT_TRUE(events::parse_event(line).ok());
    const Sha256 next = sha256(head + line);
    head.assign(reinterpret_cast<const char*>(next.data()), next.size());
    begin = end + 1;
  }
  EXPECT_EQ(lines, 2U);
  EXPECT_EQ(sink->head(), to_hex(head));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(JsonlSink, RefusesASymbolicLinkAndAMissingDirectory) {
  const testing::TempTree tree;
  tree.write("elsewhere", "");
  std::filesystem::create_symlink(tree.str("elsewhere"), tree.str("link"));
  EXPECT_EQ(JsonlSink::open(tree.str("link")).error().code, "sink_io");
  EXPECT_EQ(JsonlSink::open(tree.str("no/such")).error().code, "sink_io");
}

class FailingSink : public Sink {
 public:
  Result<events::Event> accept(events::Event) override {
    ++asked;
    return error("sink_io", "no space left on device");
  }
  int asked = 0;
};

TEST(TeeSink, TheAssertedSinkDecidesAndAMirrorOnlyComplains) {
  Recorder recorder;
  MemorySink memory(system_clock(), 2), mirror;
  FailingSink broken;
  TeeSink tee(memory, {&broken, &mirror}, recorder);
  EXPECT_EQ(tee.accept(event(1))->seq, 1U);
  EXPECT_EQ(tee.accept(event(2))->seq, 2U);
  EXPECT_EQ(tee.accept(event(3)).error().code, "sink_full");
  EXPECT_EQ(mirror.size(), 2U) << "what the asserted sink refused is mirrored nowhere";
  EXPECT_EQ(broken.asked, 2);
  ASSERT_EQ(recorder.seen.size(), 1U) << "a mirror that fails is told once";
  EXPECT_EQ(recorder.seen[0].kind, "mirror_failed");
}

}  // namespace
}  // namespace muster::sinks
