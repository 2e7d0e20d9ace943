#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/diff.hpp"

namespace muster::testing {

/// Compares `text` with the file `fixtures/golden/<path>` and shows a line diff. With
/// MUSTER_APPROVE=1 in the environment the file is rewritten instead: look at what `git diff` says
/// then.
inline void expect_golden(const std::string& path, std::string_view text) {
  const std::filesystem::path file =
      std::filesystem::path(MUSTER_SOURCE_DIR) / "fixtures" / "golden" / path;
  const char* approve = std::getenv("MUSTER_APPROVE");
  if (approve != nullptr && std::string_view(approve) == "1") {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    ASSERT_TRUE(out.good()) << "can not write " << file;
    return;
  }
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in.good()) << file << " is missing; MUSTER_APPROVE=1 writes it";
  const std::string expected{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_TRUE(expected == text) << "golden file " << path << " (- expected, + actual)\n"
                                << line_diff(expected, text);
}

}  // namespace muster::testing
