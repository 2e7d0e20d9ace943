#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace muster::testing {

/// All that is in a file; empty when it cannot be read.
inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace muster::testing
