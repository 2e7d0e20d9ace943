#include "run/ring.hpp"

#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "run/printed.hpp"
#include "run/shared_memory.hpp"

namespace muster::run {
namespace {

TEST(Ring, EveryByteComesOutOnceAndInOrder) {
  const UniqueFd memory = make_shared_memory(Ring::size());
  const SharedMemory ours(memory.get(), Ring::size());
  const SharedMemory theirs(memory.get(), Ring::size());
  constexpr std::size_t kBytes = 8 << 20;
  std::thread writer([&] {
    Ring ring(theirs.at(0));
    std::mt19937 random(1);
    std::string chunk;
    for (std::size_t sent = 0; sent < kBytes;) {
      chunk.clear();
      const std::size_t size = std::min<std::size_t>(1 + random() % 100'000, kBytes - sent);
      for (std::size_t i = 0; i < size; ++i) chunk += static_cast<char>((sent + i) % 251);
      std::string_view left = chunk;
      while (!left.empty()) {
        left.remove_prefix(ring.write(left));
        if (!left.empty()) ring.wait_for_room();
      }
      sent += size;
    }
  });
  Ring ring(ours.at(0));
  std::string got;
  std::size_t at = 0;
  bool right = true;
  while (at < kBytes) {
    got.clear();
    ring.read(got);
    for (const char c : got) right = right && c == static_cast<char>(at++ % 251);
  }
  writer.join();
  EXPECT_TRUE(right);
  EXPECT_EQ(ring.read(got), 0u);
}

TEST(Ring, TheReaderIsWokenOncePerSleep) {
  const UniqueFd memory = make_shared_memory(Ring::size());
  const SharedMemory mapped(memory.get(), Ring::size());
  Ring ring(mapped.at(0));
  EXPECT_FALSE(ring.reader_sleeps());
  ASSERT_TRUE(ring.fall_asleep());
  ring.write("x");
  EXPECT_TRUE(ring.reader_sleeps());
  EXPECT_FALSE(ring.reader_sleeps());
  EXPECT_FALSE(ring.fall_asleep());
}

TEST(Printed, KeepsBeginningAndEnd) {
  std::string memory(Printed::size(), '\0');
  Printed printed(memory.data());
  EXPECT_EQ(printed.text(), "");
  printed.add("hello ");
  printed.add("world");
  EXPECT_EQ(printed.text(), "hello world");
  std::string all = "hello world";
  for (int i = 0; i < 100'000; ++i) {
    const std::string line = std::to_string(i) + "\n";
    printed.add(line);
    all += line;
  }
  const std::string text = printed.text();
  EXPECT_LE(text.size(), Printed::size() + 100);
  EXPECT_TRUE(text.starts_with("hello world0\n1\n"));
  EXPECT_TRUE(text.ends_with("99998\n99999\n"));
  const std::size_t kept = Printed::size() - sizeof(std::uint64_t);
  EXPECT_THAT(text, testing::HasSubstr("[" + std::to_string(all.size() - kept) + " bytes"));
  printed.clear();
  printed.add("again");
  EXPECT_EQ(printed.text(), "again");
}

}  // namespace
}  // namespace muster::run
