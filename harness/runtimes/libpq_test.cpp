#include "runtimes/libpq.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace muster::runtimes {
namespace {

bool is_loaded() {
  std::ifstream maps("/proc/self/maps");
  const std::string loaded{std::istreambuf_iterator<char>(maps), std::istreambuf_iterator<char>()};
  return loaded.find("libpq.so") != loaded.npos;
}

/// In a process of its own, where no other test has loaded it.
TEST(LibpqDeathTest, IsLoadedWhenItIsFirstNeeded) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const bool before = is_loaded();
        const bool answered = load_libpq().ok();
        std::_Exit(!before && answered && is_loaded() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Libpq, HasTheFunctionsOfItsTable) {
  ASSERT_TRUE(load_libpq().ok());
  PGconn* const connection = nullptr;  // libpq answers for one that is not there
  EXPECT_EQ(libpq().status(connection), CONNECTION_BAD);
  EXPECT_EQ(libpq().socket(connection), -1);
}

}  // namespace
}  // namespace muster::runtimes
