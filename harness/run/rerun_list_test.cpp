#include "run/rerun_list.hpp"

#include <gtest/gtest.h>

#include "testing/temp_tree.hpp"

namespace muster::run {
namespace {

using Places = std::vector<std::string>;

TEST(RerunList, IsPartedByBlanksButForThoseInPaths) {
  const muster::testing::TempTree tree;
  const std::string file = tree.str("again.txt");
  const auto read = [&](const char* text) {
    tree.write("again.txt", text);
    return read_rerun_list("@" + file).value_or_throw();
  };
  EXPECT_EQ(read("a.feature:2:7\nb.feature:1\n"), (Places{"a.feature:2:7", "b.feature:1"}));
  EXPECT_EQ(read("a.feature:2 b.feature c.feature.md:4"),
            (Places{"a.feature:2", "b.feature", "c.feature.md:4"}));
  EXPECT_EQ(read("  my folder/a.feature:2\r\n"), (Places{"my folder/a.feature:2"}));
  EXPECT_EQ(read("some folder\n"), (Places{"some folder"}));
}

TEST(RerunList, ThatNamesNothingIsAnError) {
  const muster::testing::TempTree tree;
  tree.write("again.txt", "\n \n");
  EXPECT_EQ(read_rerun_list(tree.str("again.txt")).error().code, "nothing_to_rerun");
  EXPECT_EQ(read_rerun_list(tree.str("none.txt")).error().code, "file_unreadable");
}

}  // namespace
}  // namespace muster::run
