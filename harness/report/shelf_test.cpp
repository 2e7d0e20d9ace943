#include "report/shelf.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

namespace muster::report {
namespace {

/// The page is mapped in this process.
bool is_mapped(const char* at) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  void* const begin = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(at) & ~(page - 1));
  unsigned char resident = 0;
  return ::mincore(begin, page, &resident) == 0;
}

/// What stands there, read so that it may also be unmapped: then nothing. Another mapping may have
/// taken the place, as a sanitizer's does.
std::string bytes_at(const char* at, std::size_t size) {
  std::string read(size, '\0');
  const iovec into{read.data(), size};
  const iovec from{const_cast<char*>(at), size};
  const ssize_t got = ::process_vm_readv(::getpid(), &into, 1, &from, 1, 0);
  return got == static_cast<ssize_t>(size) ? read : std::string();
}

TEST(Shelf, KeepsWhatIsPutOnIt) {
  Shelf shelf;
  EXPECT_EQ(shelf.put("").bytes(), "");
  const std::string large(600'000, 'x');
  std::vector<Shelf::Item> items;
  for (int i = 0; i < 5'000; ++i) items.push_back(shelf.put("number " + std::to_string(i)));
  items.push_back(shelf.put(large));
  items.push_back(shelf.put("last"));
  for (int i = 0; i < 5'000; ++i)
    EXPECT_EQ(items[static_cast<std::size_t>(i)].bytes(), "number " + std::to_string(i));
  EXPECT_EQ(items[5'000].bytes(), large);
  EXPECT_EQ(items[5'001].bytes(), "last");
}

TEST(Shelf, GivesABoardBackWithItsLastItem) {
  Shelf shelf;
  Shelf::Item large = shelf.put(std::string(300'000, 'x'));
  const Shelf::Item other = shelf.put(std::string(300'000, 'y'));
  const char* const at = large.bytes().data();
  Shelf::Item copy = large;
  large = {};
  EXPECT_TRUE(is_mapped(at));
  copy = {};
  EXPECT_FALSE(is_mapped(at));
  EXPECT_TRUE(is_mapped(other.bytes().data()));
}

TEST(Shelf, ForkedProcessesDoNotGetIt) {
  Shelf shelf;
  const Shelf::Item item = shelf.put("here");
  ASSERT_EQ(bytes_at(item.bytes().data(), 4), "here");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(bytes_at(item.bytes().data(), 4) == "here" ? 1 : 0);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace muster::report
